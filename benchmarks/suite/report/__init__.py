"""The page of results, `docs/benchmarks.md`, and its plots.

Made from the files in `benchmarks/results/suite` and from `benchmarks/suite/published.toml`
alone; nothing is measured here. One way through: results and published values -> `view`
(what stands in which cell) -> `page` (Markdown) and `plots` (what to draw) -> `drawing` (SVG).
"""
