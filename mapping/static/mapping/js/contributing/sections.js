/**
 * A line as the sections that its taps made: one point, or a way along streets whose last point lies where the tap was.
 * Pure: points are whatever the map uses.
 */

/** Most points that the interface takes. */
export const MOST_POINTS = 1000;

/**
 * @template P
 * @typedef {{tap: P, size: number}} Section
 */

/** @template P */
export class Sections {
  constructor() {
    /** @type {Section<P>[]} */
    this.list = [];
  }

  /** How many points they have. */
  get size() {
    return this.list.reduce((sum, { size }) => sum + size, 0);
  }

  /** @param {P} tap @returns {Section<P>} */
  add(tap) {
    const section = { tap, size: 1 };
    this.list.push(section);
    return section;
  }

  /** Forget the last one. @returns {number} how many points it had, 1 where nothing is known */
  takeBack() {
    return this.list.pop()?.size ?? 1;
  }

  clear() {
    this.list = [];
  }

  /** Points that were moved, added or removed are sections of their own from now on. @param {P[]} points all of the line */
  fit(points) {
    if (this.size === points.length) return;
    this.list = points.map((tap) => ({ tap, size: 1 }));
  }

  /** Where the section began: the tap before it. @param {Section<P>} section @returns {P | null} */
  beginningOf(section) {
    const index = this.list.indexOf(section);
    return index < 1 ? null : this.list[index - 1].tap;
  }

  /**
   * Put a way in place of a section's points.
   * @param {Section<P>} section
   * @param {P[]} way from the beginning to the end
   * @param {P[]} points all of the line
   * @param {(one: P, other: P) => boolean} isSame
   * @returns {{kept: number, points: P[]} | null} the line, whose first `kept` points are as before; null where the
   *   section is gone, or the line would have more points than can be sent
   */
  follow(section, way, points, isSame) {
    const index = this.list.indexOf(section);
    if (index < 1 || way.length < 2 || this.size !== points.length) return null;
    const start = this.list.slice(0, index).reduce((sum, { size }) => sum + size, 0);
    const head = points.slice(0, start);
    // Both ends of the first way lie on the street; a straight section before it ends where it was tapped.
    if (index === 1 && start === 1) head[0] = way[0];
    const added = isSame(head[head.length - 1], way[0]) ? way.slice(1) : way;
    const line = [...head, ...added, ...points.slice(start + section.size)];
    if (line.length > MOST_POINTS) return null;
    section.size = added.length;
    return { kept: index === 1 ? 0 : start, points: line };
  }
}
