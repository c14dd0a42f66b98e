-- Times are milliseconds since the epoch. A `hash` is the SHA-256, base64url, of what it stands for:
-- codes, tokens and session ids are kept in no other form.

-- The source, `registered_at` and `own_tokens_ended_at` are in the record as well; in columns of their own they can be searched for,
-- and read without the rest. `vouched` is 1 if somebody here vouches for the client, and otherwise 0.
create table oauth_clients (
  id text primary key,
  record text not null,
  source text,
  vouched bigint not null,
  registered_at bigint,
  own_tokens_ended_at bigint,
  used_at bigint
);
create index oauth_clients_source on oauth_clients (source, vouched, used_at);

create table oauth_users (
  id text primary key,
  username text not null unique,
  folded_username text not null,
  name text not null,
  email text,
  claims text,
  password_hash text,
  password_changed_at bigint,
  disabled_at bigint,
  enabled_at bigint,
  source text
);
-- What stands before the salt of a hash: a query goes from one kind to the next by this index. bcrypt
-- has no dollar sign between the salt and the hash.
create index oauth_users_password_kind on oauth_users ((
  case substr(password_hash, 2, 1) when '2' then substr(password_hash, 1, 7)
  else rtrim(rtrim(rtrim(password_hash,
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'), '$'),
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') end));
-- However it is typed; of two people it may be the same.
create index oauth_users_folded_username on oauth_users (folded_username);
create index oauth_users_source on oauth_users (source);

-- Clients and users that an operator has removed: the seed file does not bring them back.
create table oauth_removals (
  kind text not null,
  id text not null,
  primary key (kind, id)
);

-- Where rows are found by client and user, here and below, one index has both, the client first, and none
-- has the client alone: clients with a single row may be so many that the planner takes it for as good, and
-- for a popular client it would read all. A user has few rows.
create table oauth_consents (
  user_id text not null,
  client_id text not null references oauth_clients (id) on delete cascade,
  resource text not null,
  scope text not null,
  claims text,
  created_at bigint,
  mark text,
  primary key (client_id, user_id, resource)
);
create index oauth_consents_user_id on oauth_consents (user_id);

create table oauth_grants (
  id text primary key,
  client_id text not null references oauth_clients (id) on delete cascade,
  user_id text not null,
  scope text not null,
  resource text not null,
  auth_time bigint,
  acr text,
  amr text,
  created_at bigint not null,
  expires_at bigint not null,
  last_used_at bigint,
  openid text,
  session text,
  session_ends_at bigint
);
create index oauth_grants_session on oauth_grants (session) where session is not null;
create index oauth_grants_expires_at on oauth_grants (expires_at);
create index oauth_grants_user_id on oauth_grants (user_id);
create index oauth_grants_client_id on oauth_grants (client_id, user_id);

create table oauth_codes (
  hash text primary key,
  grant_id text not null,
  client_id text not null,
  redirect_uri text not null,
  scope text not null,
  code_challenge text,
  nonce text,
  expires_at bigint not null,
  redeemed_at bigint
);
create index oauth_codes_expires_at on oauth_codes (expires_at);

create table oauth_access_tokens (
  hash text primary key,
  client_id text not null,
  grant_id text,
  user_id text,
  scope text not null,
  audience text not null,
  issued_at bigint not null,
  expires_at bigint not null,
  claims text
);
create index oauth_access_tokens_expires_at on oauth_access_tokens (expires_at);

-- JWTs that were revoked, by the hash of their `jti`.
create table oauth_revoked_tokens (
  hash text primary key,
  expires_at bigint not null
);
create index oauth_revoked_tokens_expires_at on oauth_revoked_tokens (expires_at);

-- One row for each family: all its tokens begin with the same secret. The successor of a token is derived
-- from the token, its salt and the server's secret. None of the three is enough without the others, and
-- the token itself is not here.
create table oauth_refresh_tokens (
  hash text primary key,
  token_hash text,
  salt text not null,
  grant_id text not null,
  client_id text not null,
  scope text not null,
  expires_at bigint not null,
  previous text
);
create index oauth_refresh_tokens_expires_at on oauth_refresh_tokens (expires_at);

-- What may be used once, and was used.
create table oauth_replays (
  hash text primary key,
  expires_at bigint not null
);
create index oauth_replays_expires_at on oauth_replays (expires_at);

create table oauth_keys (
  kid text primary key,
  alg text not null,
  period bigint not null,
  created_at bigint not null,
  encrypted_private_key text not null,
  expires_at bigint not null,
  unique (alg, period)
);
create index oauth_keys_expires_at on oauth_keys (expires_at);

-- What is made once and never changes, such as the salt of pairwise subjects.
create table oauth_constants (
  name text primary key,
  value text not null
);

create table oauth_limits (
  hash text primary key,
  attempts bigint not null,
  expires_at bigint not null
);
create index oauth_limits_expires_at on oauth_limits (expires_at);

create table oauth_sessions (
  hash text primary key,
  data text not null,
  expires_at bigint not null,
  user_id text,
  created_at bigint,
  seen_at bigint,
  user_agent text
);
create index oauth_sessions_expires_at on oauth_sessions (expires_at);
create index oauth_sessions_user_id on oauth_sessions (user_id);

create table oauth_requests (
  hash text primary key,
  data text not null,
  expires_at bigint not null
);
create index oauth_requests_expires_at on oauth_requests (expires_at);

-- What is made once, and taken once. The hash is that of its kind and of the hash of its secret.
create table oauth_tickets (
  hash text primary key,
  kind text not null,
  payload text not null,
  expires_at bigint not null,
  client_id text references oauth_clients (id) on delete cascade,
  user_id text
);
create index oauth_tickets_expires_at on oauth_tickets (expires_at);
create index oauth_tickets_client_id on oauth_tickets (client_id, user_id);
create index oauth_tickets_user_id on oauth_tickets (user_id);

-- Clients that are to be told that a session has ended, until they have been.
create table oauth_logouts (
  id text primary key,
  client_id text not null references oauth_clients (id) on delete cascade,
  user_id text not null,
  subject text not null,
  sid text,
  -- 1 if nobody here vouches for the client, and otherwise 0.
  is_self_made bigint not null,
  attempts bigint not null,
  due_at bigint not null,
  expires_at bigint not null
);
create index oauth_logouts_due_at on oauth_logouts (is_self_made, due_at);
create index oauth_logouts_expires_at on oauth_logouts (expires_at);
create index oauth_logouts_client_id on oauth_logouts (client_id);

-- A row for each thing that only one process does at a time: the one that has locked the row.
-- A statement that adds a null fails on purpose, and with it its transaction. In SQLite a key may be null.
create table oauth_locks (
  name text not null primary key
);
insert into oauth_locks (name) values ('purge'), ('subjects');
