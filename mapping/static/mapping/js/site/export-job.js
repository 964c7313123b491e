// The page of a file that is being written: asks how far it is and shows it, without loading the page anew.

const PAUSE = 1500;
const LONGEST_PAUSE = 15000;

/**
 * @typedef {object} Job
 * @property {string} status
 * @property {{done: number, total: number, percent: number}} progress
 */

class ExportJob extends HTMLElement {
  pause = PAUSE;

  connectedCallback() {
    this.timer = window.setTimeout(() => this.ask(), this.pause);
  }

  disconnectedCallback() {
    window.clearTimeout(this.timer);
  }

  async ask() {
    try {
      const response = await fetch(this.dataset.address ?? "", { headers: { Accept: "application/json" } });
      if (!response.ok) {
        window.location.reload();
        return;
      }
      const job = /** @type {Job} */ (await response.json());
      if (job.status === "done" || job.status === "failed") {
        window.location.reload();
        return;
      }
      this.pause = PAUSE;
      this.show(job);
    } catch {
      // The network is away: ask again, less and less often.
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    }
    this.timer = window.setTimeout(() => this.ask(), this.pause);
  }

  /** @param {Job} job */
  show(job) {
    const bar = this.querySelector("progress");
    if (bar) bar.value = job.progress.percent;
    const state = this.querySelector("[data-state]");
    if (!state || job.status !== "running" || !job.progress.total) return;
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const text = interpolate(gettext("Being written: %s of %s"), [
      number.format(job.progress.done),
      number.format(job.progress.total),
    ]);
    if (state.textContent !== text) state.textContent = text;
  }
}

customElements.define("export-job", ExportJob);
