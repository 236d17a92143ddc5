/**
 * Offers the live map where the drawn one stands. The drawn map stays what it is until the reader asks; the library is
 * fetched only then, and if it cannot run, the drawn map comes back with a word about it.
 */

import type { Gate } from "./gates";

export interface Words {
  label: string;
  zoomIn: string;
  zoomOut: string;
  drawn: string;
  failed: string;
}

export interface Handed {
  geometry: string;
  members: string[];
  gates: Gate[];
  words: Words;
}

function offer(place: HTMLElement): void {
  const data = place.querySelector<HTMLScriptElement>("script[type='application/json']");
  const button = place.querySelector<HTMLButtonElement>("button");
  const room = place.querySelector<HTMLElement>("[data-room]");
  const status = place.querySelector<HTMLElement>("[role='status']");
  const drawn = place.closest(".chart")?.querySelector<HTMLElement>(".picture");
  if (!data?.textContent || !button || !room || !status) return;
  const handed = JSON.parse(data.textContent) as Handed;
  const ask = button.textContent ?? "";
  let close: (() => void) | null = null;

  const show = (isLive: boolean): void => {
    room.hidden = !isLive;
    if (drawn) drawn.hidden = isLive;
    button.textContent = isLive ? handed.words.drawn : ask;
    button.setAttribute("aria-expanded", String(isLive));
  };

  button.addEventListener("click", async () => {
    if (close) {
      close();
      close = null;
      show(false);
      return;
    }
    button.disabled = true;
    status.textContent = "";
    show(true);
    try {
      const { open } = await import("./live");
      close = await open(room, handed);
      room.scrollIntoView({ block: "nearest" });
    } catch {
      show(false);
      status.textContent = handed.words.failed;
    } finally {
      button.disabled = false;
    }
  });
  // Fetched while the reader is about to ask, unless the connection is dear.
  button.addEventListener("pointerenter", () => {
    if (!isSparing()) void import("./live").catch(() => undefined);
  });
  place.hidden = false;
}

interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

function isSparing(): boolean {
  const connection = (navigator as Navigator & { connection?: Connection }).connection;
  return Boolean(connection?.saveData) || ["slow-2g", "2g", "3g"].includes(connection?.effectiveType ?? "");
}

document.querySelectorAll<HTMLElement>("[data-live-map]").forEach(offer);
