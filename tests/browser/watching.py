"""What a page complains of, which hosts it asks, and where it is too wide."""

from urllib.parse import urlsplit

TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= room) return [];
  const scrolls = (element) => element && (["auto", "scroll", "hidden"].includes(getComputedStyle(element).overflowX)
    || scrolls(element.parentElement));
  const wide = [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > room + 0.5 && !scrolls(element.parentElement))
    .map((element) => `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 60)}`);
  return [`${document.scrollingElement.scrollWidth} px wide in ${room}`, ...wide.slice(0, 5)];
}"""


def watch(page):
    """Notes on the page, as `problems` and `elsewhere`, what it complains of and which other hosts it asks."""
    page.problems, page.elsewhere = [], []
    page.on("console", lambda message: page.problems.append(told(message)) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("request", lambda request: None if is_ours(request.url) else page.elsewhere.append(request.url))
    return page


def told(message) -> str:
    """What the console says, and of which address."""
    return f"{message.text} ({(message.location or {}).get('url', '')})"


def is_ours(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname == "127.0.0.1"


def too_wide(page) -> list[str]:
    """What makes the page scroll sideways; tables that scroll in a frame of their own do not."""
    return page.evaluate(TOO_WIDE)
