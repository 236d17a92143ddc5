"""What a first visit to the situation page transfers, against the budget of 100 kB, in both languages.

    python benchmarks/page_weight.py http://127.0.0.1:8000/

Loads the page of a running server in Debian's Chromium with an empty cache and adds up every byte that came over the
wire (headers and bodies, compressed) until the page is at rest. The live map is not asked for: it loads on request.
Prints one JSON document; exits with 1 when a language is over the budget.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import time
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, sync_playwright

BUDGET_BYTES = 100_000
ANSWERS_TIMED = 20


def first_visit(browser: Browser, address: str, language: str) -> dict[str, Any]:
    """Bytes by kind of a first visit, as Chromium counts them."""
    context = browser.new_context(locale=language, viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "corredor_language", "value": language, "url": address}])
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    kinds: dict[str, str] = {}
    weights: dict[str, float] = {}

    def heard(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        weights[kind] = weights.get(kind, 0) + event["encodedDataLength"]

    devtools.on("Network.responseReceived", heard)
    devtools.on("Network.loadingFinished", finished)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    context.close()
    total = round(sum(weights.values()))
    return {
        "bytes": total,
        "of_budget": round(total / BUDGET_BYTES, 3),
        "by_kind": {k: round(v) for k, v in weights.items()},
    }


def answer_times_ms(address: str, language: str) -> dict[str, float]:
    """How long the server takes for the page when warm, whole answer read, over the loopback."""
    times = []
    for _ in range(ANSWERS_TIMED + 3):
        request = Request(
            address, headers={"Cookie": f"corredor_language={language}", "Accept-Encoding": "gzip"}
        )
        began = time.perf_counter()
        with urlopen(request) as answer:
            answer.read()
        times.append((time.perf_counter() - began) * 1000)
    warm = sorted(times[3:])
    return {"median": round(statistics.median(warm), 1), "slowest": round(warm[-1], 1)}


def main() -> int:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--disable-quic", "--disable-background-networking"],
        )
        found = {
            language: {
                **first_visit(browser, address, language),
                "answer_ms": answer_times_ms(address, language),
            }
            for language in ("es", "en")
        }
    print(json.dumps({"budget_bytes": BUDGET_BYTES, "situation": found}, indent=2))
    return int(any(one["bytes"] > BUDGET_BYTES for one in found.values()))


if __name__ == "__main__":
    sys.exit(main())
