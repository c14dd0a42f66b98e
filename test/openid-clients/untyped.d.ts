// What the apps use of a package that brings no types of its own.

declare module 'passport-openidconnect' {
  import type { Strategy } from 'passport';

  export interface Options {
    readonly issuer: string;
    readonly authorizationURL: string;
    readonly tokenURL: string;
    readonly userInfoURL: string;
    readonly clientID: string;
    readonly clientSecret: string;
    readonly callbackURL: string;
    readonly scope: readonly string[];
    readonly nonce: boolean;
    readonly maxAge: number;
    readonly skipUserProfile: boolean;
  }
  export interface Profile {
    readonly id: string;
    readonly displayName?: string;
    readonly emails?: readonly { readonly value: string }[];
  }
  type Verify = (
    issuer: string,
    profile: Profile,
    verified: (error: unknown, user: object) => void,
  ) => void;
  const OpenIDConnectStrategy: new (options: Options, verify: Verify) => Strategy;
  export default OpenIDConnectStrategy;
}
