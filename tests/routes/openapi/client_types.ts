// deno-fmt-ignore-file
// deno-lint-ignore-file
// Made of /openapi.json by openapi-typescript: `deno task openapi` writes it.

export interface paths {
    "/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What can be connected
         * @description With marks, and with scopes in words, for apps that draw their own pages.
         */
        get: operations["listServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a connect link
         * @description The user opens it in their own browser, reads who asks for what, and signs in at the provider. Where `return_to` is given, or set for your API key, the user comes back to it with `?code=…`, and nothing is connected until `POST /links/claim`.
         */
        post: operations["createLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/links/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claim what was connected
         * @description For the user who is signed in at your app, with the code that came to `return_to` in that user's browser. So a link that was sent to somebody else connects nothing for you.
         */
        post: operations["claimLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a user has connected
         * @description One that has ended is listed as well, until it is connected again or ended here.
         */
        get: operations["listConnections"];
        put?: never;
        /**
         * Connect by an API key, or by a client
         * @description Of services whose `kind` is `api_key` or `client_credentials`, where you have the user's secret. The provider is asked whose it is before it is kept. Give `key`, or `client_id` and `client_secret`.
         */
        post: operations["connectBySecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a connection
         * @description The access is ended at the provider, as far as it can be, and what is kept is deleted. It ends for all services of the provider that it opened.
         */
        delete: operations["endConnection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{service}/default": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose the default account
         * @description It is meant from then on where no account is named.
         */
        post: operations["chooseDefaultAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import connections
         * @description That another server held: as a JSON array, or as NDJSON, a line each, which is read as fast as it is stored and answered as it is done. Whatever is wrong with an item stands in its own result. The last line of an answer in NDJSON is an `ImportEnd`; without it the import broke off. 8 items are under way at a time. To send the same again does no harm.
         */
        post: operations["importConnections"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/token/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a provider token
         * @description It is refreshed where it is about to end, for all who ask at the same time once. Do not keep it: ask again when you need it again.
         */
        post: operations["getToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/proxy/{service}/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Call a provider's API
         * @description With the user's token put in, for backends that should never hold one. The path behind the service's name and the query go to the API's own address as they are; slashes in it stay slashes. Bodies are streamed both ways. Status and body of the answer are the API's, and redirects are yours to follow. What is refused here is an error as everywhere, with `error_description`.
         */
        get: operations["proxy_get"];
        /**
         * Call a provider's API
         * @description With the user's token put in, for backends that should never hold one. The path behind the service's name and the query go to the API's own address as they are; slashes in it stay slashes. Bodies are streamed both ways. Status and body of the answer are the API's, and redirects are yours to follow. What is refused here is an error as everywhere, with `error_description`.
         */
        put: operations["proxy_put"];
        /**
         * Call a provider's API
         * @description With the user's token put in, for backends that should never hold one. The path behind the service's name and the query go to the API's own address as they are; slashes in it stay slashes. Bodies are streamed both ways. Status and body of the answer are the API's, and redirects are yours to follow. What is refused here is an error as everywhere, with `error_description`.
         */
        post: operations["proxy_post"];
        /**
         * Call a provider's API
         * @description With the user's token put in, for backends that should never hold one. The path behind the service's name and the query go to the API's own address as they are; slashes in it stay slashes. Bodies are streamed both ways. Status and body of the answer are the API's, and redirects are yours to follow. What is refused here is an error as everywhere, with `error_description`.
         */
        delete: operations["proxy_delete"];
        options?: never;
        /**
         * Call a provider's API
         * @description With the user's token put in, for backends that should never hold one. The path behind the service's name and the query go to the API's own address as they are; slashes in it stay slashes. Bodies are streamed both ways. Status and body of the answer are the API's, and redirects are yours to follow. What is refused here is an error as everywhere, with `error_description`.
         */
        head: operations["proxy_head"];
        /**
         * Call a provider's API
         * @description With the user's token put in, for backends that should never hold one. The path behind the service's name and the query go to the API's own address as they are; slashes in it stay slashes. Bodies are streamed both ways. Status and body of the answer are the API's, and redirects are yours to follow. What is refused here is an error as everywhere, with `error_description`.
         */
        patch: operations["proxy_patch"];
        trace?: never;
    };
    "/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that is kept of a user
         * @description As a JSON file, without secrets. What is too long is left out, and `truncated` says so.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description Every access is ended at its provider, as far as it can be, and all that is kept is removed. Nothing new is kept of the user until `open_at`. Twice does no harm.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was done for a user
         * @description Who did what, when, and how it ended; never what was said in it. The newest first, as lines of JSON. `Link` with `rel="next"` leads to what is older (RFC 8288).
         */
        get: operations["readAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to your users' connections
         * @description Of all your users, the oldest first, for 30 days. Keep `cursor`, and send it as `after` next time: nothing is missed. The same is sent to a receiver, where one is set up.
         */
        get: operations["readEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The session tokens of a user
         * @description Those that are good, without the tokens themselves.
         */
        get: operations["listSessions"];
        put?: never;
        /**
         * Make a session token
         * @description For platforms that send one static header to the MCP endpoint, such as voice agents. It acts for one user, for as long and for as much as you say.
         */
        post: operations["createSession"];
        /**
         * End session tokens
         * @description All of a user, or one. They stop at once.
         */
        delete: operations["endSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether it works
         * @description The program and its store. An API key is asked for with `deep` alone.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ImportItem: {
            /** @description A service or a provider, as `GET /services` names it. */
            service?: string;
            /** @description The same as `service`, which goes before it. */
            provider?: string;
            /**
             * @description Your own id of the user. It means somebody within your API key's name alone.
             * @example user_123
             */
            user_id: string;
            /** @description Whose account it is, where the provider is not asked. */
            account?: {
                /** @description The provider's id of the account. */
                id: string;
                /** @description What the user would recognise, such as an e-mail address. */
                label?: string | null;
            } | null;
            /** @description What is missing is had by the refresh token. */
            access_token?: string | null;
            /** @description Without one the connection ends with its access token. */
            refresh_token?: string | null;
            /** @description As the provider spells it; nearly always `Bearer`. */
            token_type?: string | null;
            /** @description Seconds from now on, of the access token. */
            expires_in?: (number | string) | null;
            /** @description When the access token ends: epoch seconds or ms, or a date with its zone. */
            expires_at?: ((number | string) | string) | null;
            /** @description Granted scopes, with spaces or commas between them. */
            scope?: string | null;
            /** @description The same, as a text or a list. It goes before `scope`. */
            scopes?: (string | string[]) | null;
            /** @description Where at the provider, as connections have it. */
            extra?: {
                [key: string]: string;
            } | null;
            /**
             * @description In the place of the query's.
             * @enum {string}
             */
            verify?: "none" | "identify" | "refresh";
            /** @description In the place of the query's. */
            replace?: boolean;
        };
        Services: {
            /** @description All that your API key is for. */
            services: components["schemas"]["Service"][];
        };
        Service: {
            /** @description For `service` in requests, and `{service}` in paths. */
            name: string;
            /** @description As people read it, such as `Google Calendar`. */
            title: string;
            /** @description The provider's name, such as `google`. */
            provider: string;
            /** @description As people read it. */
            provider_title: string;
            /**
             * @description How it is connected: by a sign-in, by an API key, or by a client and its secret.
             * @enum {string}
             */
            kind: "oauth" | "api_key" | "client_credentials";
            /** @description A mark to know it by. */
            mark: {
                /** @description One or two, where no picture is shown. */
                letters: string;
                /** @description `#rrggbb`; white letters on it can be read. */
                color: string;
                /** @description 48 by 48, without scripts and without anything from elsewhere. */
                svg: string;
            };
            scopes: {
                /** @description For `scope` in requests. */
                name: string;
                /** @description In words for the user. */
                title: string;
                /** @description Whether a link that names no scope asks for it. */
                default: boolean;
            }[];
            /** @description What `params` of a link must say, or its page asks for. */
            params: {
                /** @description As requests name it. */
                name: string;
                /** @description As people read it. */
                title: string;
            }[];
            /** @description With `user_id`: what this user has connected of it. */
            connections?: {
                /** @description The provider's own id of the account. */
                account: string;
                /** @description What the user would recognise of the account, such as an e-mail address. */
                label: string;
                /** @description Whether it is meant where no account is named. */
                default: boolean;
                /**
                 * @description `reauthorization_required`: it has ended, and the user must connect again. `moved`: another server has it.
                 * @enum {string}
                 */
                status: "active" | "reauthorization_required" | "moved";
            }[];
        };
        Error: {
            /** @description A code for programs, in the style of RFC 6749. */
            error: string;
            /** @description What is wrong and what helps, in words for you. */
            error_description: string;
            /**
             * Format: uri
             * @description Where the user mends it. For this user alone.
             */
            connect_url?: string;
            /** @description Seconds to wait before it is tried again; the same as in `Retry-After`. */
            retry_after?: number;
            /** @description By which the server's operator finds it in the log; the same as in `X-Request-Id`. */
            request_id?: string;
        };
        Link: {
            /**
             * Format: uri
             * @description For this user's browser alone. It works once.
             */
            url: string;
            /** @description Epoch milliseconds; the link is too old from then on. */
            expires_at: number;
        };
        Claim: {
            /** @description The provider's name, such as `google`. */
            provider: string;
            /** @description The provider's services that it opens, such as `gmail` and `calendar`. */
            services: string[];
            /** @description The provider's own id of the account. */
            account: string;
            /** @description What the user would recognise of the account, such as an e-mail address. */
            label: string;
            /** @description What was granted, in the provider's own words, with spaces between them. */
            scope: string;
            /** @description Scopes that were asked for and that the user left unticked, all of them perhaps. */
            missing: string[];
            /** @description The account that the link was about, where another one came. */
            expected_account?: string;
            /** @description Its label. */
            expected_label?: string;
            /** @description Where at the provider, for those with a host or an id per customer. */
            extra?: {
                [key: string]: string;
            };
            /** @description The organisations or sites that the account has there, where it may have several. */
            tenants?: {
                /** @description The provider's id of it. */
                id: string;
                /** @description What the user would recognise. */
                label: string;
                /** @description Where at the provider, for those with a host or an id per customer. */
                extra: {
                    [key: string]: string;
                };
            }[];
        };
        Connections: {
            /** @description As far as your API key is for them. */
            connections: components["schemas"]["Connection"][];
        };
        Connection: {
            /** @description The provider's name, such as `google`. */
            provider: string;
            /**
             * @description How it is connected: by a sign-in, by an API key, or by a client and its secret.
             * @enum {string}
             */
            kind: "oauth" | "api_key" | "client_credentials";
            /** @description The provider's services that it opens, such as `gmail` and `calendar`. */
            services: string[];
            /** @description The provider's own id of the account. */
            account: string;
            /** @description What the user would recognise of the account, such as an e-mail address. */
            label: string;
            /** @description Whether it is meant where no account is named. */
            default: boolean;
            /**
             * @description `reauthorization_required`: it has ended, and the user must connect again. `moved`: another server has it.
             * @enum {string}
             */
            status: "active" | "reauthorization_required" | "moved";
            /** @description What was granted, in the provider's own words, with spaces between them. */
            scope: string;
            /** @description Epoch milliseconds. */
            connected_at: number;
            /** @description Epoch milliseconds; a refresh counts. */
            updated_at: number;
            /** @description Of the present provider token; epoch milliseconds. */
            expires_at?: number;
            /** @description When it ends whatever is refreshed, where that is known; epoch milliseconds. */
            ends_at?: number;
            /** @description Where at the provider, for those with a host or an id per customer. */
            extra?: {
                [key: string]: string;
            };
            /** @description The organisations or sites that the account has there, where it may have several. */
            tenants?: {
                /** @description The provider's id of it. */
                id: string;
                /** @description What the user would recognise. */
                label: string;
                /** @description Where at the provider, for those with a host or an id per customer. */
                extra: {
                    [key: string]: string;
                };
            }[];
        };
        SecretConnection: {
            /** @description The provider's name, such as `google`. */
            provider: string;
            /**
             * @description How it is connected: by a sign-in, by an API key, or by a client and its secret.
             * @enum {string}
             */
            kind: "oauth" | "api_key" | "client_credentials";
            /** @description The provider's services that it opens, such as `gmail` and `calendar`. */
            services: string[];
            /** @description The provider's own id of the account. */
            account: string;
            /** @description What the user would recognise of the account, such as an e-mail address. */
            label: string;
        };
        EndedConnection: {
            /**
             * @description It is not kept here any more.
             * @constant
             */
            deleted: true;
            /** @description Whether the provider has ended the access. */
            revoked: boolean;
            /** @description Why it has not. */
            revocation_error?: string;
            /** @description The provider's name, such as `google`. */
            provider: string;
            /** @description The provider's own id of the account. */
            account: string;
            /** @description The services that it opened, and that end with it. */
            services: string[];
        };
        DefaultAccount: {
            /** @description The provider's name, such as `google`. */
            provider: string;
            /** @description The provider's own id of the account. */
            account: string;
            /** @description What the user would recognise of the account, such as an e-mail address. */
            label: string;
        };
        ImportResults: {
            /** @description In the order of the items. */
            results: components["schemas"]["ImportResult"][];
        };
        ImportResult: {
            /** @description Which item, or line: the first is 0. */
            index: number;
            /**
             * @description `unchanged`: it was imported before. `exists`: a connection to this account lives, and was not to be replaced.
             * @enum {string}
             */
            status: "imported" | "unchanged" | "exists";
            /** @description The provider's name, such as `google`. */
            provider: string;
            /** @description The provider's own id of the account. */
            account: string;
            /** @description Of one that `exists`: it was refreshed already, and what that gave is kept for an import that may replace. */
            kept?: boolean;
        } | {
            /** @description Which item, or line: the first is 0. */
            index: number;
            /**
             * @description Nothing was imported of this item.
             * @constant
             */
            status: "refused";
            /** @description A code, as in errors. */
            error: string;
            /** @description In words for you. */
            error_description: string;
            /** @description Seconds; then it may be tried again. */
            retry_after?: number;
        };
        Token: {
            /** @description The provider token. Not there where the user connected an API key: see `header`. */
            access_token?: string;
            /** @description Nearly always `Bearer`; `ApiKey` of an API key. */
            token_type: string;
            /** @description Of an API key: the header to send, whole. */
            header?: {
                name: string;
                value: string;
            };
            /** @description Seconds. Not there: it does not say. */
            expires_in?: number;
            /** @description Epoch milliseconds. */
            expires_at?: number;
            /** @description What was granted, in the provider's own words, with spaces between them. */
            scope: string;
            /** @description The provider's own id of the account. */
            account: string;
            /** @description What the user would recognise of the account, such as an e-mail address. */
            label: string;
            /** @description Where at the provider, for those with a host or an id per customer. */
            extra?: {
                [key: string]: string;
            };
            /** @description The organisations or sites that the account has there, where it may have several. */
            tenants?: {
                /** @description The provider's id of it. */
                id: string;
                /** @description What the user would recognise. */
                label: string;
                /** @description Where at the provider, for those with a host or an id per customer. */
                extra: {
                    [key: string]: string;
                };
            }[];
        };
        /** @description All that is kept of a user, without secrets. Times are epoch milliseconds. */
        User: {
            user: {
                user_id: string;
                /** @description The name of your API key. */
                realm: string;
                names: string[];
                emails: string[];
            };
            connections: ({
                /** @description The provider's name, such as `google`. */
                provider: string;
                title: string;
                /**
                 * @description How it is connected: by a sign-in, by an API key, or by a client and its secret.
                 * @enum {string}
                 */
                kind?: "oauth" | "api_key" | "client_credentials";
                /** @description The provider's own id of the account. */
                account: string;
                /** @description What the user would recognise of the account, such as an e-mail address. */
                label: string;
                /**
                 * @description `reauthorization_required`: it has ended, and the user must connect again. `moved`: another server has it.
                 * @enum {string}
                 */
                status: "active" | "reauthorization_required" | "moved";
                default: boolean;
                services: string[];
                scopes: string[];
                /** @description The scopes in words. */
                allows: string[];
                /** @description Where at the provider, for those with a host or an id per customer. */
                extra?: {
                    [key: string]: string;
                };
                tenants?: {
                    id: string;
                    label: string;
                }[];
                /** @description It goes on by itself when its token ends. */
                renews: boolean;
                connected_at: number;
                updated_at: number;
                signed_in_at?: number;
                used_at?: number;
                expires_at?: number;
                ended_at?: number;
                revoked_at?: number;
                moved_at?: number;
            } | {
                /** @description The provider's name, such as `google`. */
                provider: string;
                /** @description The provider's own id of the account. */
                account: string;
                updated_at: number;
                /**
                 * @description It cannot be opened with the keys that the server has.
                 * @constant
                 */
                readable: false;
            })[];
            /** @description MCP clients that the user lets in. */
            apps: {
                name?: string;
                client_id?: string;
                scopes: string[];
                resource?: string;
                created_at: number;
                used_at?: number;
                /** @description Where it is used beside, each with refresh tokens of its own. */
                places?: {
                    since: number;
                    used_at?: number;
                }[];
            }[];
            personal_tokens: {
                name?: string;
                client_id?: string;
                scopes: string[];
                resource?: string;
                created_at: number;
                used_at?: number;
                /** @description Where it is used beside, each with refresh tokens of its own. */
                places?: {
                    since: number;
                    used_at?: number;
                }[];
            }[];
            session_tokens: {
                services?: string[];
                tools?: string[];
                accounts?: string[];
                voice?: boolean;
                read_only: boolean;
                created_at: number;
                expires_at: number;
            }[];
            /** @description Sign-ins in browsers. */
            sessions: {
                label: string;
                email?: string;
                expires_at: number;
            }[];
            /** @description How many records, by their kinds. */
            records: {
                [key: string]: number;
            };
            /** @description What was done for the user. Not there for an API key of some services alone. */
            activity?: {
                /** @description When it last happened. */
                at: number;
                /** @description When it first happened. */
                since: number;
                /** @description How often, between the two. */
                count: number;
                what: string;
                by: {
                    kind: string;
                    name?: string;
                };
                provider?: string;
                service?: string;
                account?: string;
                tool?: string;
                app?: string;
                /** @description `ok`, a code of an error, `error` or `repeated`. */
                outcome: string;
            }[];
            /** @description Whether something was left out, since it was too much. */
            truncated: boolean;
        };
        DeletedUser: {
            /**
             * @description Nothing is kept of the user any more.
             * @constant
             */
            deleted: true;
            user_id: string;
            /** @description Epoch milliseconds. */
            at: number;
            /** @description What was connected. Where `revoked` is false the user ends it at the provider. */
            connections: {
                /** @description The provider's name, such as `google`. */
                provider: string;
                /** @description The provider's own id of the account. */
                account: string;
                /** @description What the user would recognise of the account, such as an e-mail address. */
                label?: string;
                /** @description Whether the provider has ended the access. */
                revoked: boolean;
                /** @description Why it has not. */
                revocation_error?: string;
            }[];
            /** @description How many records, by their kinds. */
            removed: {
                [key: string]: number;
            };
            /** @description Epoch milliseconds; nothing new is kept of the user before. */
            open_at: number;
        };
        Event: {
            /** @description The same as the `webhook-id` of the call to a receiver. */
            id: string;
            /** @enum {string} */
            type: "connection.created" | "connection.reauthorization_required" | "connection.recovered" | "connection.expiring" | "connection.deleted" | "session.revoked";
            /**
             * Format: date-time
             * @description When it became true.
             */
            timestamp: string;
            data: {
                user_id: string;
                provider?: string;
                services?: string[];
                /** @description The account's id at the provider. */
                account?: string;
                account_label?: string;
                scope?: string;
                /** @description Of `connection.expiring`, which end it is; of others, why or who did it. */
                reason?: string;
                /**
                 * Format: date-time
                 * @description Of `connection.expiring`.
                 */
                ends_at?: string;
                /** @description Of `session.revoked`: what has ended. */
                session?: {
                    id: string;
                    /** @enum {string} */
                    kind: "session_token" | "grant";
                    name?: string;
                };
            };
        };
        NewSession: {
            /** @description The session token. It is not kept, and never said again. */
            token: string;
            /** @constant */
            token_type: "Bearer";
            /** @description Seconds. */
            expires_in: number;
            /** @description Epoch milliseconds. */
            expires_at: number;
            /**
             * Format: uri
             * @description Where it is good: the MCP endpoint.
             */
            mcp_url: string;
            /** @description For `DELETE /sessions`; no secret. */
            id: string;
        };
        Sessions: {
            /** @description Those that are good. */
            sessions: components["schemas"]["Session"][];
        };
        Session: {
            /** @description For `DELETE /sessions`; no secret. */
            id: string;
            user_id: string;
            /** @description `["*"]`: all that the API key is for. */
            services: string[];
            /** @description Not there: all of the services. */
            tools?: string[];
            read_only: boolean;
            /** @description Not there: all. */
            accounts?: string[];
            voice: boolean;
            /** @description Epoch milliseconds. */
            created_at: number;
            /** @description Epoch milliseconds. */
            expires_at: number;
        };
        EndedSessions: {
            /** @description How many. */
            ended: number;
        };
        Health: {
            /** @constant */
            status: "ok";
            /** @description The program's version. */
            version: string;
            /**
             * @description Some of what is stored cannot be opened.
             * @constant
             */
            keys?: "missing";
            /**
             * @description Its clock is, by a minute or more.
             * @constant
             */
            clock?: "behind";
            /** @description With `deep`: providers that do not accept the server's own client. */
            providers?: {
                [key: string]: "client_refused";
            };
            /**
             * @description With `caller`: how it is found who calls; `said`: by what the caller itself says, `private`, `unnamed`, `unlisted`: all callers count as one.
             * @enum {string}
             */
            caller?: "connection" | "proxy" | "said" | "private" | "unnamed" | "inside" | "unlisted";
        };
        /** @description The last line of an answer in NDJSON. */
        ImportEnd: {
            /** @description Whether that was all that was sent. */
            done: boolean;
            /** @description Why it was not. */
            error?: string;
            /** @description How many items came to that; and so on. */
            imported: number;
            unchanged: number;
            exists: number;
            refused: number;
        };
        AuditLine: {
            /**
             * Format: date-time
             * @description When it last happened.
             */
            at: string;
            /**
             * Format: date-time
             * @description When it first happened.
             */
            since: string;
            /** @description How often, between the two. */
            count: number;
            /** @description Such as `connected`, `tool_called` or `token_handed_out`. */
            what: string;
            /** @description Who did it. */
            actor: {
                /** @description `app`, `client`, `person`, `operator` or `system`. */
                kind: string;
                id?: string;
                /** @description As people know it. */
                name?: string;
            };
            provider?: string;
            service?: string;
            account?: string;
            tool?: string;
            /** @description Whose access was allowed, narrowed or ended. */
            app?: string;
            /** @description What it was about. */
            about?: string;
            /** @description `ok`, a code of an error, `error` or `repeated`. */
            outcome: string;
            /** @description Of the request in which it came last. */
            request_id?: string;
        } | {
            /**
             * @description Entries that were not kept, since there were too many.
             * @constant
             */
            what: "left_out";
            count: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listServices: {
        parameters: {
            query?: {
                /** @description With it: what this user has connected of each. */
                user_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "services": [
                     *         {
                     *           "name": "calendar",
                     *           "title": "Google Calendar",
                     *           "provider": "google",
                     *           "provider_title": "Google",
                     *           "kind": "oauth",
                     *           "mark": {
                     *             "letters": "GC",
                     *             "color": "#9f1239",
                     *             "svg": "<svg …"
                     *           },
                     *           "scopes": [
                     *             {
                     *               "name": "calendar.events",
                     *               "title": "See and change the events of your calendars",
                     *               "default": true
                     *             },
                     *             {
                     *               "name": "calendar.readonly",
                     *               "title": "See your calendars",
                     *               "default": true
                     *             },
                     *             {
                     *               "name": "calendar.full",
                     *               "title": "See and change your calendars, and who may see them",
                     *               "default": false
                     *             },
                     *             {
                     *               "name": "calendar.events.readonly",
                     *               "title": "See the events of your calendars",
                     *               "default": false
                     *             },
                     *             {
                     *               "name": "calendar.events.owned",
                     *               "title": "See and change the events of the calendars that you own",
                     *               "default": false
                     *             },
                     *             {
                     *               "name": "calendar.events.owned.readonly",
                     *               "title": "See the events of the calendars that you own",
                     *               "default": false
                     *             },
                     *             {
                     *               "name": "calendar.events.freebusy",
                     *               "title": "See when the calendars that you can open are busy",
                     *               "default": false
                     *             },
                     *             {
                     *               "name": "calendar.freebusy",
                     *               "title": "See when you are busy",
                     *               "default": false
                     *             },
                     *             {
                     *               "name": "calendar.calendarlist",
                     *               "title": "See and change your list of calendars",
                     *               "default": false
                     *             },
                     *             {
                     *               "name": "calendar.calendarlist.readonly",
                     *               "title": "See your list of calendars",
                     *               "default": false
                     *             }
                     *           ],
                     *           "params": [],
                     *           "connections": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Services"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    createLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "user_123",
                 *       "service": "github",
                 *       "return_to": "https://app.example.com/connected"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Your own id of the user. It means somebody within your API key's name alone.
                     * @example user_123
                     */
                    user_id: string;
                    /** @description A service or a provider, as `GET /services` names it. Or several, by `services`. */
                    service?: string;
                    /** @description In the place of `service`: several of one provider, asked for together. */
                    services?: string[];
                    /** @description What to ask for, in the place of what the service asks for by itself. */
                    scope?: string;
                    /** @description The account that is meant, by its id or label: the user is told if another comes. */
                    account?: string;
                    /** @description Where the user comes back to, with a code for `POST /links/claim`. */
                    return_to?: string;
                    /** @description The web origin of your page that opens the link in a pop-up. */
                    origin?: string;
                    /** @description Where at the provider, for those with a host per customer. */
                    params?: {
                        [key: string]: string;
                    };
                    /** @description Seconds that the link is good for. */
                    expires_in?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://switchboard.example.com/auth/github?user_id=user_123&link=…",
                     *       "expires_at": 1795411800000
                     *     }
                     */
                    "application/json": components["schemas"]["Link"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `unknown_service`: There is no such service here. */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "unknown_service",
                     *       "error_description": "There is no service \"gitbuh\". Known: github, google, gmail, calendar, drive, acme.",
                     *       "request_id": "q3m7d0c9x-1v8kz2f"
                     *     }
                     */
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then. */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "user_deleted",
                     *       "error_description": "Everything about this user was deleted a moment ago. Until all is over that was under way, nothing new is kept of them: try again in 15 minutes.",
                     *       "retry_after": 900,
                     *       "request_id": "q3m7d0c9x-1v8kz2f"
                     *     }
                     */
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    claimLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "user_123",
                 *       "code": "…"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Your own id of the user. It means somebody within your API key's name alone.
                     * @example user_123
                     */
                    user_id: string;
                    /** @description As it came to `return_to`, or from the pop-up. Good once. */
                    code: string;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "provider": "github",
                     *       "services": [
                     *         "github"
                     *       ],
                     *       "account": "3",
                     *       "label": "octocat",
                     *       "scope": "repo",
                     *       "missing": []
                     *     }
                     */
                    "application/json": components["schemas"]["Claim"];
                };
            };
            /**
             * @description - `invalid_grant`: The code is unknown, used, too old, or not for this user.
             *     - `provider_refused`: The provider gave access that cannot be kept; the words say what became of it.
             *     - `invalid_request`: Something in it is missing or wrong.
             */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "invalid_grant",
                     *       "error_description": "The code is unknown, used, too old, or not for this user.",
                     *       "request_id": "q3m7d0c9x-1v8kz2f"
                     *     }
                     */
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_grant" | "provider_refused" | "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `invalid_link`: By today's rules it may not be finished.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "invalid_link" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `unknown_service`: There is no such service here. */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /**
             * @description - `quota_exceeded`: The user holds as many of these as one may; the description says what makes room.
             *     - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then.
             */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "quota_exceeded" | "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `store_unavailable`: The provider gave access that could not be stored; the words say what became of it.
             *     - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "store_unavailable" | "vault_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    listConnections: {
        parameters: {
            query: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                user_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "connections": [
                     *         {
                     *           "provider": "github",
                     *           "kind": "oauth",
                     *           "services": [
                     *             "github"
                     *           ],
                     *           "account": "3",
                     *           "label": "octocat",
                     *           "default": true,
                     *           "status": "active",
                     *           "scope": "repo",
                     *           "connected_at": 1795411800000,
                     *           "updated_at": 1795411800000
                     *         },
                     *         {
                     *           "provider": "google",
                     *           "kind": "oauth",
                     *           "services": [
                     *             "calendar"
                     *           ],
                     *           "account": "108204268033311374519",
                     *           "label": "testuser@gmail.com",
                     *           "default": true,
                     *           "status": "active",
                     *           "scope": "openid email https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.readonly",
                     *           "connected_at": 1795411800000,
                     *           "updated_at": 1795411800000,
                     *           "expires_at": 1795411800000
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Connections"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    connectBySecret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "user_123",
                 *       "service": "acme",
                 *       "key": "…"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Your own id of the user. It means somebody within your API key's name alone.
                     * @example user_123
                     */
                    user_id: string;
                    /** @description A service or a provider, as `GET /services` names it. */
                    service: string;
                    /** @description The user's API key there. Or a client, by `client_id` and `client_secret`. */
                    key?: string;
                    /** @description Of a client that the user has made at the provider. */
                    client_id?: string;
                    /** @description Its secret. */
                    client_secret?: string;
                    /** @description What the client's tokens are asked for with. */
                    scope?: string;
                    /** @description Where at the provider, for those with a host per customer. */
                    params?: {
                        [key: string]: string;
                    };
                    /** @description What the user would recognise, where the provider does not say. */
                    label?: string;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "provider": "acme",
                     *       "kind": "api_key",
                     *       "services": [
                     *         "acme"
                     *       ],
                     *       "account": "a-1",
                     *       "label": "ada@acme.example"
                     *     }
                     */
                    "application/json": components["schemas"]["SecretConnection"];
                };
            };
            /**
             * @description - `key_refused`: The provider does not take the key, or it has not the form of one.
             *     - `client_refused`: The provider does not take the client and its secret.
             *     - `provider_refused`: The provider gave access that cannot be kept; the words say what became of it.
             *     - `invalid_request`: Something in it is missing or wrong.
             */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "key_refused" | "client_refused" | "provider_refused" | "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `unknown_service`: There is no such service here. */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /**
             * @description - `quota_exceeded`: The user holds as many of these as one may; the description says what makes room.
             *     - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then.
             */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "quota_exceeded" | "user_deleted";
                    };
                };
            };
            /**
             * @description - `invalid_request`: It is too large to be kept.
             *     - `invalid_request`: The body is too long.
             */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `provider_unavailable`: The provider does not answer, or does not accept this server.
             *     - `store_unavailable`: The provider gave access that could not be stored; the words say what became of it.
             *     - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "provider_unavailable" | "store_unavailable" | "vault_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    endConnection: {
        parameters: {
            query: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                user_id: string;
                /** @description Which of the user's accounts, by its id or label. Needed where there are several. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description A service such as `calendar`, or a provider such as `google`. */
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": true,
                     *       "revoked": true,
                     *       "provider": "google",
                     *       "account": "108204268033311374519",
                     *       "services": [
                     *         "calendar"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["EndedConnection"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /**
             * @description - `unknown_service`: There is no such service here.
             *     - `unknown_account`: The user has no such account connected.
             *     - `not_connected`: The user has not connected it. `connect_url` is where they do.
             */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service" | "unknown_account" | "not_connected";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    chooseDefaultAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A service such as `calendar`, or a provider such as `google`. */
                service: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "user_123",
                 *       "account": "octocat"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Your own id of the user. It means somebody within your API key's name alone.
                     * @example user_123
                     */
                    user_id: string;
                    /** @description One of the user's accounts, by its id or label. */
                    account: string;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "provider": "github",
                     *       "account": "3",
                     *       "label": "octocat"
                     *     }
                     */
                    "application/json": components["schemas"]["DefaultAccount"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /**
             * @description - `unknown_service`: There is no such service here.
             *     - `unknown_account`: The user has no such account connected.
             *     - `not_connected`: The user has not connected it. `connect_url` is where they do.
             */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service" | "unknown_account" | "not_connected";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /**
             * @description - `reauthorization_required`: It has ended. `connect_url` is where the user connects it again.
             *     - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then.
             */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "reauthorization_required" | "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    importConnections: {
        parameters: {
            query?: {
                /** @description What is asked of the provider first: nothing, whose account it is, or a refresh. */
                verify?: "none" | "identify" | "refresh";
                /** @description Whether an item may take the place of a connection that lives. */
                replace?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example [
                 *       {
                 *         "user_id": "user_456",
                 *         "service": "google",
                 *         "account": {
                 *           "id": "108204268033311374519",
                 *           "label": "grace@example.com"
                 *         },
                 *         "refresh_token": "…",
                 *         "scope": "openid https://www.googleapis.com/auth/calendar.events"
                 *       }
                 *     ]
                 */
                "application/json": components["schemas"]["ImportItem"][];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "index": 0,
                     *           "status": "imported",
                     *           "provider": "google",
                     *           "account": "108204268033311374519"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ImportResults"];
                    "application/x-ndjson": string;
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A service such as `calendar`, or a provider such as `google`. */
                service: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "user_123"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Your own id of the user. It means somebody within your API key's name alone.
                     * @example user_123
                     */
                    user_id: string;
                    /** @description Which of the user's accounts, by its id or label. Without it: the default one. */
                    account?: string;
                    /** @description Scopes that the token must have, friendly names or the provider's own. */
                    scope?: string;
                    /** @description Seconds that the token must be good for; it is refreshed where it is not. */
                    min_ttl?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "…",
                     *       "token_type": "Bearer",
                     *       "scope": "repo",
                     *       "account": "3",
                     *       "label": "octocat"
                     *     }
                     */
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `access_denied`: The API key is for some tools, and gets no provider tokens.
             *     - `insufficient_scope`: It is connected without what is asked for. `connect_url` asks for the rest.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "insufficient_scope" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /**
             * @description - `unknown_service`: There is no such service here.
             *     - `unknown_account`: The user has no such account connected.
             *     - `not_connected`: The user has not connected it. `connect_url` is where they do.
             */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "not_connected",
                     *       "error_description": "Google Calendar is not connected yet.",
                     *       "connect_url": "https://switchboard.example.com/auth/calendar?user_id=user_123&link=…",
                     *       "request_id": "q3m7d0c9x-1v8kz2f"
                     *     }
                     */
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service" | "unknown_account" | "not_connected";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /**
             * @description - `reauthorization_required`: It has ended. `connect_url` is where the user connects it again.
             *     - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then.
             */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "reauthorization_required" | "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `provider_unavailable`: The provider does not answer, or does not accept this server.
             *     - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "provider_unavailable" | "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    proxy_get: {
        parameters: {
            query?: never;
            header: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                "X-User-Id": string;
                /** @description Which of the user's accounts, by its id or label. Without it: the default one. */
                "X-Account"?: string;
                /** @description Which organisation or site of the account, by its id or label. */
                "X-Tenant"?: string;
            };
            path: {
                /** @description A service such as `calendar`, or a provider such as `google`. */
                service: string;
                /** @description The path at the provider's API, such as `user/repos`. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `access_denied`: The API key is for some tools, and gets no provider tokens.
             *     - `insufficient_scope`: It is connected without what is asked for. `connect_url` asks for the rest.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "insufficient_scope" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /**
             * @description - `unknown_service`: There is no such service here.
             *     - `unknown_account`: The user has no such account connected.
             *     - `not_connected`: The user has not connected it. `connect_url` is where they do.
             */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service" | "unknown_account" | "not_connected";
                    };
                };
            };
            /** @description - `method_not_allowed`: The address takes other methods. */
            405: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description The methods that work. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "method_not_allowed";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /**
             * @description - `reauthorization_required`: It has ended. `connect_url` is where the user connects it again.
             *     - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then.
             */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "reauthorization_required" | "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `provider_unavailable`: The provider does not answer, or does not accept this server.
             *     - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "provider_unavailable" | "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    proxy_put: {
        parameters: {
            query?: never;
            header: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                "X-User-Id": string;
                /** @description Which of the user's accounts, by its id or label. Without it: the default one. */
                "X-Account"?: string;
                /** @description Which organisation or site of the account, by its id or label. */
                "X-Tenant"?: string;
            };
            path: {
                /** @description A service such as `calendar`, or a provider such as `google`. */
                service: string;
                /** @description The path at the provider's API, such as `user/repos`. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `access_denied`: The API key is for some tools, and gets no provider tokens.
             *     - `insufficient_scope`: It is connected without what is asked for. `connect_url` asks for the rest.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "insufficient_scope" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /**
             * @description - `unknown_service`: There is no such service here.
             *     - `unknown_account`: The user has no such account connected.
             *     - `not_connected`: The user has not connected it. `connect_url` is where they do.
             */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service" | "unknown_account" | "not_connected";
                    };
                };
            };
            /** @description - `method_not_allowed`: The address takes other methods. */
            405: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description The methods that work. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "method_not_allowed";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /**
             * @description - `reauthorization_required`: It has ended. `connect_url` is where the user connects it again.
             *     - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then.
             */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "reauthorization_required" | "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `provider_unavailable`: The provider does not answer, or does not accept this server.
             *     - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "provider_unavailable" | "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    proxy_post: {
        parameters: {
            query?: never;
            header: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                "X-User-Id": string;
                /** @description Which of the user's accounts, by its id or label. Without it: the default one. */
                "X-Account"?: string;
                /** @description Which organisation or site of the account, by its id or label. */
                "X-Tenant"?: string;
            };
            path: {
                /** @description A service such as `calendar`, or a provider such as `google`. */
                service: string;
                /** @description The path at the provider's API, such as `user/repos`. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `access_denied`: The API key is for some tools, and gets no provider tokens.
             *     - `insufficient_scope`: It is connected without what is asked for. `connect_url` asks for the rest.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "insufficient_scope" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /**
             * @description - `unknown_service`: There is no such service here.
             *     - `unknown_account`: The user has no such account connected.
             *     - `not_connected`: The user has not connected it. `connect_url` is where they do.
             */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service" | "unknown_account" | "not_connected";
                    };
                };
            };
            /** @description - `method_not_allowed`: The address takes other methods. */
            405: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description The methods that work. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "method_not_allowed";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /**
             * @description - `reauthorization_required`: It has ended. `connect_url` is where the user connects it again.
             *     - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then.
             */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "reauthorization_required" | "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `provider_unavailable`: The provider does not answer, or does not accept this server.
             *     - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "provider_unavailable" | "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    proxy_delete: {
        parameters: {
            query?: never;
            header: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                "X-User-Id": string;
                /** @description Which of the user's accounts, by its id or label. Without it: the default one. */
                "X-Account"?: string;
                /** @description Which organisation or site of the account, by its id or label. */
                "X-Tenant"?: string;
            };
            path: {
                /** @description A service such as `calendar`, or a provider such as `google`. */
                service: string;
                /** @description The path at the provider's API, such as `user/repos`. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `access_denied`: The API key is for some tools, and gets no provider tokens.
             *     - `insufficient_scope`: It is connected without what is asked for. `connect_url` asks for the rest.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "insufficient_scope" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /**
             * @description - `unknown_service`: There is no such service here.
             *     - `unknown_account`: The user has no such account connected.
             *     - `not_connected`: The user has not connected it. `connect_url` is where they do.
             */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service" | "unknown_account" | "not_connected";
                    };
                };
            };
            /** @description - `method_not_allowed`: The address takes other methods. */
            405: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description The methods that work. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "method_not_allowed";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /**
             * @description - `reauthorization_required`: It has ended. `connect_url` is where the user connects it again.
             *     - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then.
             */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "reauthorization_required" | "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `provider_unavailable`: The provider does not answer, or does not accept this server.
             *     - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "provider_unavailable" | "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    proxy_head: {
        parameters: {
            query?: never;
            header: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                "X-User-Id": string;
                /** @description Which of the user's accounts, by its id or label. Without it: the default one. */
                "X-Account"?: string;
                /** @description Which organisation or site of the account, by its id or label. */
                "X-Tenant"?: string;
            };
            path: {
                /** @description A service such as `calendar`, or a provider such as `google`. */
                service: string;
                /** @description The path at the provider's API, such as `user/repos`. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `access_denied`: The API key is for some tools, and gets no provider tokens.
             *     - `insufficient_scope`: It is connected without what is asked for. `connect_url` asks for the rest.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "insufficient_scope" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /**
             * @description - `unknown_service`: There is no such service here.
             *     - `unknown_account`: The user has no such account connected.
             *     - `not_connected`: The user has not connected it. `connect_url` is where they do.
             */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service" | "unknown_account" | "not_connected";
                    };
                };
            };
            /** @description - `method_not_allowed`: The address takes other methods. */
            405: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description The methods that work. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "method_not_allowed";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /**
             * @description - `reauthorization_required`: It has ended. `connect_url` is where the user connects it again.
             *     - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then.
             */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "reauthorization_required" | "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `provider_unavailable`: The provider does not answer, or does not accept this server.
             *     - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "provider_unavailable" | "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    proxy_patch: {
        parameters: {
            query?: never;
            header: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                "X-User-Id": string;
                /** @description Which of the user's accounts, by its id or label. Without it: the default one. */
                "X-Account"?: string;
                /** @description Which organisation or site of the account, by its id or label. */
                "X-Tenant"?: string;
            };
            path: {
                /** @description A service such as `calendar`, or a provider such as `google`. */
                service: string;
                /** @description The path at the provider's API, such as `user/repos`. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The connection is also for services that the API key is not for.
             *     - `access_denied`: The API key is for some tools, and gets no provider tokens.
             *     - `insufficient_scope`: It is connected without what is asked for. `connect_url` asks for the rest.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "insufficient_scope" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /**
             * @description - `unknown_service`: There is no such service here.
             *     - `unknown_account`: The user has no such account connected.
             *     - `not_connected`: The user has not connected it. `connect_url` is where they do.
             */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service" | "unknown_account" | "not_connected";
                    };
                };
            };
            /** @description - `method_not_allowed`: The address takes other methods. */
            405: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description The methods that work. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "method_not_allowed";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /**
             * @description - `reauthorization_required`: It has ended. `connect_url` is where the user connects it again.
             *     - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then.
             */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "reauthorization_required" | "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `provider_unavailable`: The provider does not answer, or does not accept this server.
             *     - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "provider_unavailable" | "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "user_id": "user_123",
                     *         "realm": "voice",
                     *         "names": [],
                     *         "emails": []
                     *       },
                     *       "connections": [
                     *         {
                     *           "provider": "acme",
                     *           "title": "Acme",
                     *           "kind": "api_key",
                     *           "account": "a-1",
                     *           "label": "ada@acme.example",
                     *           "status": "active",
                     *           "default": true,
                     *           "services": [
                     *             "acme"
                     *           ],
                     *           "scopes": [],
                     *           "allows": [],
                     *           "renews": false,
                     *           "connected_at": 1795411800000,
                     *           "updated_at": 1795411800000,
                     *           "signed_in_at": 1795411800000,
                     *           "used_at": 1795411800000
                     *         },
                     *         {
                     *           "provider": "github",
                     *           "title": "GitHub",
                     *           "kind": "oauth",
                     *           "account": "3",
                     *           "label": "octocat",
                     *           "status": "active",
                     *           "default": true,
                     *           "services": [
                     *             "github"
                     *           ],
                     *           "scopes": [
                     *             "repo"
                     *           ],
                     *           "allows": [
                     *             "Read and write repositories, issues and pull requests, private ones too"
                     *           ],
                     *           "renews": false,
                     *           "connected_at": 1795411800000,
                     *           "updated_at": 1795411800000,
                     *           "signed_in_at": 1795411800000,
                     *           "used_at": 1795411800000
                     *         },
                     *         {
                     *           "provider": "google",
                     *           "title": "Google",
                     *           "kind": "oauth",
                     *           "account": "108204268033311374519",
                     *           "label": "testuser@gmail.com",
                     *           "status": "active",
                     *           "default": true,
                     *           "services": [
                     *             "calendar"
                     *           ],
                     *           "scopes": [
                     *             "openid",
                     *             "email",
                     *             "https://www.googleapis.com/auth/calendar.events",
                     *             "https://www.googleapis.com/auth/calendar.readonly"
                     *           ],
                     *           "allows": [
                     *             "See and change the events of your calendars",
                     *             "See your calendars"
                     *           ],
                     *           "renews": true,
                     *           "connected_at": 1795411800000,
                     *           "updated_at": 1795411800000,
                     *           "signed_in_at": 1795411800000,
                     *           "used_at": 1795411800000,
                     *           "expires_at": 1795411800000
                     *         }
                     *       ],
                     *       "apps": [],
                     *       "personal_tokens": [],
                     *       "session_tokens": [],
                     *       "sessions": [],
                     *       "records": {
                     *         "due": 2,
                     *         "pending": 2,
                     *         "links": 4,
                     *         "trails": 3,
                     *         "connections": 3,
                     *         "activity": 1,
                     *         "chains": 1,
                     *         "events": 4
                     *       },
                     *       "activity": [
                     *         {
                     *           "at": 1795411800000,
                     *           "since": 1795411800000,
                     *           "count": 1,
                     *           "what": "access_ended",
                     *           "by": {
                     *             "kind": "app"
                     *           },
                     *           "app": "voice",
                     *           "outcome": "ok"
                     *         },
                     *         {
                     *           "at": 1795411800000,
                     *           "since": 1795411800000,
                     *           "count": 1,
                     *           "what": "access_allowed",
                     *           "by": {
                     *             "kind": "app"
                     *           },
                     *           "app": "voice",
                     *           "outcome": "ok"
                     *         },
                     *         {
                     *           "at": 1795411800000,
                     *           "since": 1795411800000,
                     *           "count": 1,
                     *           "what": "api_called",
                     *           "by": {
                     *             "kind": "app"
                     *           },
                     *           "provider": "github",
                     *           "account": "3",
                     *           "outcome": "ok"
                     *         },
                     *         {
                     *           "at": 1795411800000,
                     *           "since": 1795411800000,
                     *           "count": 1,
                     *           "what": "connected",
                     *           "by": {
                     *             "kind": "app"
                     *           },
                     *           "provider": "acme",
                     *           "account": "a-1",
                     *           "outcome": "ok"
                     *         },
                     *         {
                     *           "at": 1795411800000,
                     *           "since": 1795411800000,
                     *           "count": 1,
                     *           "what": "connected",
                     *           "by": {
                     *             "kind": "app"
                     *           },
                     *           "provider": "google",
                     *           "account": "108204268033311374519",
                     *           "outcome": "ok"
                     *         },
                     *         {
                     *           "at": 1795411800000,
                     *           "since": 1795411800000,
                     *           "count": 1,
                     *           "what": "token_handed_out",
                     *           "by": {
                     *             "kind": "app"
                     *           },
                     *           "provider": "github",
                     *           "account": "3",
                     *           "outcome": "ok"
                     *         },
                     *         {
                     *           "at": 1795411800000,
                     *           "since": 1795411800000,
                     *           "count": 1,
                     *           "what": "connected",
                     *           "by": {
                     *             "kind": "app"
                     *           },
                     *           "provider": "github",
                     *           "account": "3",
                     *           "outcome": "ok"
                     *         }
                     *       ],
                     *       "truncated": false
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": true,
                     *       "user_id": "user_123",
                     *       "at": 1795411800000,
                     *       "connections": [
                     *         {
                     *           "provider": "acme",
                     *           "account": "a-1",
                     *           "label": "ada@acme.example",
                     *           "revoked": false,
                     *           "revocation_error": "a key is ended where it was made: https://acme.example/keys"
                     *         },
                     *         {
                     *           "provider": "github",
                     *           "account": "3",
                     *           "label": "octocat",
                     *           "revoked": false,
                     *           "revocation_error": "GitHub answered with status 404"
                     *         }
                     *       ],
                     *       "removed": {
                     *         "connections": 2,
                     *         "due": 4,
                     *         "pending": 2,
                     *         "links": 4,
                     *         "trails": 3,
                     *         "activity": 1,
                     *         "chains": 1,
                     *         "events": 5
                     *       },
                     *       "open_at": 1795411800000
                     *     }
                     */
                    "application/json": components["schemas"]["DeletedUser"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The connection is also for services that the API key is not for.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    readAudit: {
        parameters: {
            query: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                user_id: string;
                /** @description Entries of one answer. */
                limit?: number;
                /** @description From the link to the next page, which `Link` has. */
                before?: string;
                /** @description A time by ISO 8601: nothing that ended before it. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `vault_unavailable`: What is stored cannot be opened at the moment.
             *     - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "vault_unavailable" | "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    readEvents: {
        parameters: {
            query?: {
                /** @description `cursor` of the page before. */
                after?: string;
                /** @description Events of the page, 200 at most. */
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "events": [
                     *         {
                     *           "id": "9xk3mJ0s",
                     *           "type": "connection.created",
                     *           "timestamp": "2026-11-23T05:30:00.000Z",
                     *           "data": {
                     *             "user_id": "user_123",
                     *             "provider": "github",
                     *             "services": [
                     *               "github"
                     *             ],
                     *             "account": "3",
                     *             "account_label": "octocat",
                     *             "scope": "repo"
                     *           }
                     *         }
                     *       ],
                     *       "cursor": "00000000000000420000",
                     *       "has_more": true
                     *     }
                     */
                    "application/json": {
                        /** @description The oldest first. */
                        events: components["schemas"]["Event"][];
                        /** @description The next `after`; absent where nothing happened yet. */
                        cursor?: string;
                        has_more: boolean;
                    };
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                user_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sessions": [
                     *         {
                     *           "id": "9xk3mJ0s",
                     *           "user_id": "user_123",
                     *           "services": [
                     *             "github"
                     *           ],
                     *           "read_only": true,
                     *           "voice": false,
                     *           "created_at": 1795411800000,
                     *           "expires_at": 1795411800000
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "user_123",
                 *       "services": [
                 *         "github"
                 *       ],
                 *       "read_only": true,
                 *       "expires_in": 3600
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Your own id of the user. It means somebody within your API key's name alone.
                     * @example user_123
                     */
                    user_id: string;
                    /** @description Services or providers that it is for. `["*"]`: all that your API key is for. */
                    services: string[];
                    /** @description Tools that it is for, by their names. Without it: all of the services. */
                    tools?: string[];
                    /**
                     * @description Only tools that change nothing.
                     * @default false
                     */
                    read_only?: boolean;
                    /** @description Accounts that it is for, by id or label. Without it: all. */
                    accounts?: string[];
                    /**
                     * @description Seconds that it is good for.
                     * @default 3600
                     */
                    expires_in?: number;
                    /**
                     * @description Answers are short enough to be read out, and come within a few seconds.
                     * @default false
                     */
                    voice?: boolean;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "token": "…",
                     *       "token_type": "Bearer",
                     *       "expires_in": 3600,
                     *       "expires_at": 1795411800000,
                     *       "mcp_url": "https://switchboard.example.com/mcp",
                     *       "id": "9xk3mJ0s"
                     *     }
                     */
                    "application/json": components["schemas"]["NewSession"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `access_denied`: The API key is not for this service.
             *     - `access_denied`: The API key is not for this tool.
             *     - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "access_denied" | "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `unknown_service`: There is no such service here. */
            404: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "unknown_service";
                    };
                };
            };
            /** @description - `invalid_request`: The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `user_deleted`: Everything of the user was deleted a moment ago; nothing new is kept until then. */
            409: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "user_deleted";
                    };
                };
            };
            /** @description - `invalid_request`: The body is too long. */
            413: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_request`: The body is not `application/json`. */
            415: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    endSessions: {
        parameters: {
            query: {
                /** @description Your own id of the user. It means somebody within your API key's name alone. */
                user_id: string;
                /** @description One of them. Without it: all. */
                id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ended": 1
                     *     }
                     */
                    "application/json": components["schemas"]["EndedSessions"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /**
             * @description - `forbidden_host`: The server is not known by the name that it was called by.
             *     - `forbidden_origin`: A page of another origin called.
             */
            403: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "forbidden_host" | "forbidden_origin";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `store_unavailable`: The store does not answer.
             *     - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "store_unavailable" | "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: {
                /** @description With an API key: also which providers do not accept the server's own client. */
                deep?: "";
                /** @description An address that the request also says in `X-Forwarded-For`: also how it is found who calls. */
                caller?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "version": "0.2.0"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description - `invalid_request`: Something in it is missing or wrong. */
            400: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_request";
                    };
                };
            };
            /** @description - `invalid_client`: The API key is missing or unknown. */
            401: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description `Bearer`: an API key is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "invalid_client";
                    };
                };
            };
            /** @description - `rate_limited`: There are too many of these. */
            429: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description What is left of each limit that it counts against: `"subject";r=42;t=17`. */
                    RateLimit?: string;
                    /** @description Those limits, per so many seconds: `"subject";q=600;w=60`. */
                    "RateLimit-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "rate_limited";
                    };
                };
            };
            /** @description - `server_error`: A fault of the server. Its log has it under `request_id`. */
            500: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error";
                    };
                };
            };
            /**
             * @description - `server_error`: A part of the server could not be loaded; it is tried again with the next request.
             *     - `server_restarting`: The server restarts. What was asked for may have been done.
             */
            503: {
                headers: {
                    /** @description Quote it to the server's operator, who finds the request by it. */
                    "X-Request-Id"?: string;
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {string} */
                        error: "server_error" | "server_restarting";
                    };
                };
            };
        };
    };
}
