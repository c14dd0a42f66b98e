// What the tests use of packages that bring no types of their own.

declare module 'simple-oauth2' {
  export interface Config {
    readonly client: { readonly id: string; readonly secret: string };
    readonly auth: { readonly tokenHost: string };
    readonly options?: {
      readonly authorizationMethod?: 'header' | 'body';
      readonly credentialsEncodingMode?: 'strict' | 'loose';
      readonly bodyFormat?: 'form' | 'json';
    };
  }
  export interface Token {
    readonly access_token: string;
    readonly refresh_token?: string;
    readonly token_type: string;
    readonly scope: string;
    readonly expires_in: number;
    readonly expires_at: Date;
  }
  export class AccessToken {
    readonly token: Token;
    expired(withinSeconds?: number): boolean;
    refresh(params?: { scope?: string | string[] }): Promise<AccessToken>;
  }
  export class AuthorizationCode {
    constructor(config: Config);
    authorizeURL(params: Record<string, string | string[]>): string;
    getToken(params: Record<string, string>): Promise<AccessToken>;
  }
  export class ClientCredentials {
    constructor(config: Config);
    getToken(params: { scope?: string | string[] }): Promise<AccessToken>;
  }
}
