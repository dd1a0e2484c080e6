"""`make screenshots`: the pictures of the README, from a real site in a real browser."""

import subprocess
import tempfile
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.site import CHROMIUM, ROOT, RunningSite, install_fonts

FOLDER = ROOT / "tests" / "screenshots"
PICTURES = [
    # name, address, width, height, scheme, keys pressed
    ("home-ms", "/ms/", 1200, 760, "light", []),
    ("lesson-ta", "/ta/student/s2/4/", 390, 780, "light", []),
    ("slide-zh-hans", "/zh-hans/student/s2/4/slides/#4", 1280, 720, "light", []),
    ("quiz-ms", "/ms/student/s3/4/quiz/", 390, 780, "dark", []),
]


def main() -> None:
    install_fonts()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        site = RunningSite(Path(folder))
        site.environment["SITE_URL"] = "http://setuju.example"  # what sheets print as their address
        site.prepare()
        site.start()
        try:
            take(site)
            print_page(site, Path(folder))
        finally:
            site.stop()


def take(site: RunningSite) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for name, address, width, height, scheme, keys in PICTURES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.goto(f"{site.url}{address}", wait_until="networkidle")
            for key in keys:
                page.keyboard.press(key)
            if name.startswith("quiz"):
                while page.locator(".item:visible [name=check]").count() == 0:
                    page.locator(".item:visible [data-go=next]").click()  # asked before: no feedback yet
                page.locator(".item:visible input").first.check()
                page.locator(".item:visible [name=check]").click()
                page.wait_for_selector(".item:visible .feedback")
            page.wait_for_timeout(300)
            page.screenshot(path=FOLDER / f"{name}.png")
            context.close()
        browser.close()


def print_page(site: RunningSite, folder: Path) -> None:
    sheet = folder / "sheet.pdf"
    urllib.request.urlretrieve(f"{site.url}/ta/student/s2/4/print/worksheet/", sheet)
    target = FOLDER / "worksheet-ta"
    subprocess.run(["pdftoppm", "-r", "70", "-png", "-singlefile", "-l", "1", sheet, target], check=True)


if __name__ == "__main__":
    main()
