/** The live map itself: MapLibre over our own outlines, nothing from elsewhere. */

import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { bounds, features } from "./gates";
import type { Handed } from "./map";

maplibregl.setWorkerUrl(workerUrl);

const PATIENCE_MS = 20_000;

/** The page's own colours, so that the live map follows its light or dark sheet. */
function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function style(handed: Handed): maplibregl.StyleSpecification {
  const byStatus = (observed: string, revised: string, forecast: string): maplibregl.ExpressionSpecification => [
    "match",
    ["get", "status"],
    "revised",
    revised,
    "forecast",
    forecast,
    observed,
  ];
  const statusColour = byStatus(colour("observed"), colour("revised"), colour("forecast"));
  return {
    version: 8,
    sources: {
      outlines: { type: "geojson", data: new URL(handed.geometry, document.baseURI).href },
      gates: { type: "geojson", data: { type: "FeatureCollection", features: features(handed.gates) } },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colour("sea") } },
      {
        id: "land",
        type: "fill",
        source: "outlines",
        filter: ["has", "iso3"],
        paint: {
          "fill-color": ["match", ["get", "iso3"], handed.members, colour("land-member"), colour("land")],
          "fill-antialias": false,
        },
      },
      {
        id: "borders",
        type: "line",
        source: "outlines",
        filter: ["==", ["get", "kind"], "borders"],
        paint: { "line-color": colour("border"), "line-width": 1.2 },
      },
      {
        id: "gates",
        type: "circle",
        source: "gates",
        layout: { "circle-sort-key": ["get", "rank"] },
        paint: {
          "circle-radius": ["get", "radius"],
          "circle-color": statusColour,
          "circle-opacity": ["match", ["get", "status"], "provisional", 0.14, "forecast", 0.2, 0.55],
          "circle-stroke-color": statusColour,
          "circle-stroke-width": 1.6,
        },
      },
      {
        id: "gate-names",
        type: "symbol",
        source: "gates",
        layout: {
          "text-field": ["format", ["get", "name"], {}, "\n", {}, ["get", "said"], { "font-scale": 0.92 }],
          "text-font": ["Liberation Sans"],
          "text-size": 13,
          "text-variable-anchor": ["left", "right", "top", "bottom"],
          "text-radial-offset": ["+", 0.5, ["/", ["get", "radius"], 13]],
          "text-justify": "auto",
          "symbol-sort-key": ["get", "rank"],
        },
        paint: { "text-color": colour("ink"), "text-halo-color": colour("sea"), "text-halo-width": 1.6 },
      },
    ],
  };
}

/** A link on each gate, so that the keyboard reaches what the eye sees. */
function linkGates(map: maplibregl.Map, handed: Handed): void {
  for (const gate of handed.gates) {
    const link = document.createElement(gate.href ? "a" : "span");
    link.className = "live-gate";
    link.title = `${gate.name}: ${gate.said}`;
    if (link instanceof HTMLAnchorElement) {
      link.href = gate.href;
      link.setAttribute("aria-label", link.title);
      link.addEventListener("focus", () => map.panTo([gate.lon, gate.lat]));
    }
    new maplibregl.Marker({ element: link }).setLngLat([gate.lon, gate.lat]).addTo(map);
  }
}

/** Open the map in its room. Resolves, when it has been drawn, to what closes it; rejects when it cannot be. */
export async function open(room: HTMLElement, handed: Handed): Promise<() => void> {
  const frame = bounds(handed.gates);
  const map = new maplibregl.Map({
    container: room,
    style: style(handed),
    bounds: frame ?? [
      [-120, 6],
      [-66, 36],
    ],
    fitBoundsOptions: { padding: 36 },
    attributionControl: false,
    cooperativeGestures: false,
    maxZoom: 9,
    dragRotate: false,
    pitchWithRotate: false,
    locale: {
      "Map.Title": handed.words.label,
      "NavigationControl.ZoomIn": handed.words.zoomIn,
      "NavigationControl.ZoomOut": handed.words.zoomOut,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the map took too long")), PATIENCE_MS);
      map.once("idle", () => {
        clearTimeout(timer);
        resolve();
      });
      map.once("error", (event) => {
        clearTimeout(timer);
        reject(event.error);
      });
    });
  } catch (reason) {
    map.remove();
    throw reason;
  }
  linkGates(map, handed);
  room.dataset.ready = "yes";
  return () => {
    delete room.dataset.ready;
    map.remove();
  };
}
