"""Bar charts as SVG: one bar a peer, with the range over the rounds. Colours serve light and dark pages."""
from xml.sax.saxutils import escape

from .figures import OURS, short

WIDTH, LABELS, VALUES = 640, 110, 150
BAR, GAP, TOP = 22, 8, 54

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 15px }
  .small { fill: #57606a }
  .bar { fill: #8c959f }
  .ours { fill: #0969da }
  .range { stroke: #24292f; stroke-width: 1.5; fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .small { fill: #9198a1 }
    .bar { fill: #6e7681 }
    .ours { fill: #4493f8 }
    .range { stroke: #e6edf3 }
  }
"""


def bar(index, peer, value, scale):
    y = TOP + index * (BAR + GAP)
    middle = y + BAR / 2
    kind = "ours" if peer == OURS else "bar"
    width, low, high = (max(x * scale, 1) for x in (value.median, value.low, value.high))
    yield f'<text x="{LABELS - 10}" y="{middle + 4.5:.1f}" text-anchor="end">{escape(peer)}</text>'
    yield f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2"/>'
    if value.low != value.high:
        left, right = LABELS + low, LABELS + high
        yield (f'<path class="range" d="M{left:.1f} {middle - 5:.1f}v10M{left:.1f} {middle:.1f}'
               f'H{right:.1f}M{right:.1f} {middle - 5:.1f}v10"/>')
    yield f'<text x="{LABELS + max(width, high) + 8:.1f}" y="{middle + 4.5:.1f}">{short(value.median)}</text>'


def chart(scenario, metric, figures):
    """`figures`: peer -> Figure, at least one."""
    height = TOP + len(figures) * (BAR + GAP) + 8
    largest = max(value.high for value in figures.values()) or 1
    scale = (WIDTH - LABELS - VALUES / 2) / largest
    better = "more is better" if metric.more_is_better else "less is better"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">',
        f"<title>{escape(scenario.name)}: {escape(metric.label)}</title>",
        f"<style>{STYLE}</style>",
        f'<text class="title" x="10" y="20">{escape(scenario.name)}: {escape(metric.label)} ({better})</text>',
        f'<text class="small" x="10" y="40">{escape(scenario.work)}</text>',
    ]
    for index, (peer, value) in enumerate(figures.items()):
        parts += bar(index, peer, value, scale)
    return "\n".join([*parts, "</svg>"]) + "\n"
