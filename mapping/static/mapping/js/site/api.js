/** Requests to this site's API and the problems it answers with (application/problem+json, RFC 9457). */

import { fetchProving } from "./proof.js";

/** @typedef {{field: string, code: string, detail: string}} FieldProblem */

/** An answer other than success; `errors` tell the fields. Network failures have status 0. */
export class ApiProblem extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {FieldProblem[]} [errors]
   * @param {number | null} [retryAfter] seconds
   */
  constructor(status, detail, errors = [], retryAfter = null) {
    super(detail);
    this.name = "ApiProblem";
    this.status = status;
    this.detail = detail;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }

  /** Whether sending the same again later can help. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<any>} the JSON of the answer, null where there is none
 * @throws {ApiProblem} also where the answer is a page of the network in between, or breaks off
 */
export async function fetchJson(url, init = {}) {
  const response = await request(url, init);
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch (error) {
    throw lost(error);
  }
}

/**
 * @param {string} url
 * @param {"POST" | "PUT" | "DELETE"} method
 * @param {unknown} [body] sent as JSON, a Blob as it is
 * @returns {Promise<any>}
 */
export async function send(url, method, body) {
  const headers = new Headers();
  /** @type {BodyInit | undefined} */
  let payload;
  if (body instanceof Blob) {
    headers.set("Content-Type", body.type);
    payload = body;
  } else if (body !== undefined) {
    headers.set("Content-Type", "application/json");
    payload = JSON.stringify(body);
  }
  return fetchJson(url, { method, headers, body: payload });
}

/**
 * @param {string} url
 * @param {RequestInit} init
 */
export async function request(url, init = {}) {
  let response;
  try {
    response = await fetchProving(url, { credentials: "same-origin", ...init });
  } catch (error) {
    throw lost(error);
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

/**
 * What a lost connection becomes; a request that was given up stays what it is.
 * @param {unknown} error
 */
function lost(error) {
  if (error instanceof DOMException && error.name === "AbortError") return error;
  return new ApiProblem(0, gettext("The connection failed. Please try again in a moment."));
}

/** @param {Response} response */
async function problemOf(response) {
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const seconds = Number.isNaN(retryAfter) ? null : retryAfter;
  try {
    const body = await response.json();
    return new ApiProblem(response.status, body.detail ?? body.title ?? "", body.errors ?? [], seconds);
  } catch {
    return new ApiProblem(
      response.status,
      gettext("Something went wrong on our side. Please try again later."),
      [],
      seconds,
    );
  }
}
