// What the tests of the scripts (tests/scripts) use of Node. Its own types would bring globals that browsers lack into
// the modules of the site.

declare module "node:test" {
  export function afterEach(body: () => void | Promise<void>): void;
  export function before(body: () => void | Promise<void>): void;
  export function beforeEach(body: () => void | Promise<void>): void;
  export const mock: {
    timers: { enable(options: { apis: string[] }): void; reset(): void; tick(milliseconds: number): void };
  };
  export function test(name: string, body: () => void | Promise<void>): void;
}

declare module "node:timers/promises" {
  export function setImmediate(): Promise<void>;
}

declare module "node:assert/strict" {
  interface Assert {
    ok(value: unknown, message?: string): asserts value;
    equal(found: unknown, expected: unknown, message?: string): void;
    deepEqual(found: unknown, expected: unknown, message?: string): void;
    rejects(promise: Promise<unknown>, expected: Error | ((error: unknown) => boolean)): Promise<void>;
  }
  const assert: Assert;
  export default assert;
}

declare module "node:fs" {
  export function readFileSync(path: URL | 0, encoding: "utf-8"): string;
}

declare module "node:process" {
  export const stdout: { write(text: string): void };
}

declare module "node:module" {
  export function createRequire(from: string): (name: string) => any;
}

declare module "node:vm" {
  export function createContext(globals: object): object;
  export function runInContext(program: string, context: object): unknown;
}
