-- What the account page shows and changes: what a person has allowed, where they are signed in.

alter table oauth_users add column password_changed_at bigint;

alter table oauth_consents add column created_at bigint;

alter table oauth_grants add column last_used_at bigint;
create index oauth_grants_user_id on oauth_grants (user_id, client_id);

alter table oauth_sessions add column user_id text;
alter table oauth_sessions add column created_at bigint;
alter table oauth_sessions add column seen_at bigint;
alter table oauth_sessions add column user_agent text;
create index oauth_sessions_user_id on oauth_sessions (user_id);

-- Who is signed in already.
update oauth_sessions set
  user_id = json(data)->'oauth'->'user'->>'id',
  created_at = cast(json(data)->'oauth'->'user'->>'authTime' as bigint);
