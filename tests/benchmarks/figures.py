"""Percentiles, Markdown tables and SVG charts."""

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, MARGIN = 720, 400, 60
COLOURS = ("#1f5fa8", "#b5431f", "#2f7d3b", "#7a4a9e")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that is greater than this share of the values."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Format a Markdown table; all columns but the first are right-aligned."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    return "\n".join(_line(line, widths) for line in [head, rule, *rows])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return f"| {first[0]:<{first[1]}} | {' | '.join(f'{cell:>{width}}' for cell, width in others)} |"


def chart(title: str, x_title: str, y_title: str, curves: Mapping[str, Mapping[int, float]]) -> str:
    """Draw curves as SVG with logarithmic axes, so that a constant cost is a horizontal line."""
    points = [point for curve in curves.values() for point in curve.items()]
    right = max(1, math.ceil(math.log10(max(x for x, _ in points))))
    low = math.floor(math.log10(min(y for _, y in points)))
    high = max(low + 1, math.ceil(math.log10(max(y for _, y in points))))

    def place(x: float, y: float) -> tuple[float, float]:
        across = math.log10(x) / right
        up = (math.log10(y) - low) / (high - low)
        return MARGIN + across * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN - 20)

    height = HEIGHT + 24 * len(curves)
    font = 'font-family="sans-serif" font-size="13"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {font}>',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        _text(WIDTH / 2, 28, title, "middle", "font-weight='bold'"),
        _text(WIDTH / 2, HEIGHT - 16, x_title, "middle"),
        _text(MARGIN, 56, y_title),
    ]
    for power in range(right + 1):
        x, y = place(10**power, 10**low)
        parts += [_rule(x, y, x, place(1, 10**high)[1]), _text(x, y + 18, f"{10**power:,}", "middle")]
    for power in range(low, high + 1):
        x, y = place(1, 10**power)
        parts += [_rule(x, y, WIDTH - MARGIN, y), _text(x - 6, y + 4, f"{10**power:g}", "end")]
    for number, (name, curve) in enumerate(curves.items()):
        colour, legend = COLOURS[number % len(COLOURS)], HEIGHT + 24 * number + 4
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in sorted(curve.items())))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<rect x="{MARGIN}" y="{legend - 10}" width="18" height="10" fill="{colour}"/>')
        parts.append(_text(MARGIN + 26, legend, name))
    return "\n".join([*parts, "</svg>\n"])


def _text(x: float, y: float, text: str, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{text}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'
