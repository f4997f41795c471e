#include "core/programs/qmail-report/page_form.h"

#include "core/programs/qmail-report/charts.h"
#include "core/programs/qmail-report/markup.h"
#include "core/programs/qmail-report/show.h"
#include "core/programs/qmail-report/summary.h"

namespace qmail::report {
namespace {

constexpr std::size_t most_page_rows = 20;

// The policy is for the case that escape() is ever forgotten: nothing in this page may run or be fetched.
constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Mail report</title>
<style>
body { font: 15px/1.45 system-ui, sans-serif; color: #1d2733; background: #fff; max-width: 1000px;
  margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.6em; margin-bottom: 0.2em; }
h2 { font-size: 1.15em; margin: 2em 0 0.5em; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.25em 0.8em 0.25em 0; text-align: right; vertical-align: top; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
th { color: #5b6775; font-weight: 600; border-bottom: 1px solid #c9d1da; }
tr + tr td { border-top: 1px solid #eceff3; }
th:last-child, td:last-child { text-align: left; width: 100%; white-space: normal; overflow-wrap: anywhere; }
table.summary td:first-child { color: #5b6775; text-align: left; }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: #5b6775; }
svg line { stroke: #e3e7ec; }
svg .value { text-anchor: end; }
svg .label { text-anchor: middle; }
.success { fill: #2f7fb8; }
.deferral { fill: #e0a030; }
.failure { fill: #c0392b; }
.delay { fill: #4a8f6d; }
.key { display: inline-block; width: 0.8em; height: 0.8em; margin: 0 0.3em 0 1em; }
p.remark, footer { color: #5b6775; font-size: 0.9em; }
</style>
</head>
<body>
)";

constexpr std::string_view foot =
    R"(<footer><p>Times are UTC. Percentages of delays are at most 1.6% too large. qmail-report(8)
says what is counted and how.</p></footer>
</body>
</html>
)";

constexpr std::string_view colours =
    R"(<svg class="key" viewBox="0 0 1 1"><rect class="success" width="1" height="1"/></svg>succeeded
<svg class="key" viewBox="0 0 1 1"><rect class="deferral" width="1" height="1"/></svg>deferred
<svg class="key" viewBox="0 0 1 1"><rect class="failure" width="1" height="1"/></svg>failed)";

std::string row_of(std::string_view cell, const std::vector<std::string>& texts) {
  std::string cells;
  for (const std::string& text : texts) cells += element(cell, "", escape(text));
  return element("tr", "", cells) + "\n";
}

std::string table_of(const ShownTable& table) {
  std::string rows = row_of("th", table.headings);
  for (const auto& row : table.rows) rows += row_of("td", row);
  std::string markup =
      element("h2", "", escape(table.title)) + "\n" + element("table", "", "\n" + rows) + "\n";
  if (!table.remark.empty()) markup += element("p", " class=\"remark\"", escape(table.remark)) + "\n";
  return markup;
}

}  // namespace

std::string page_form(const Figures& figures) {
  std::string page(head);
  page += element("h1", "", "Mail report") + "\n";
  std::string rows;
  for (const Line& line : summary_of(figures)) rows += row_of("td", {line.name, line.text});
  page += element("table", " class=\"summary\"", "\n" + rows) + "\n";
  const std::string width = duration_text(static_cast<double>(figures.volume.width_seconds()));
  page += element("h2", "", "Deliveries each " + width + std::string(colours)) + "\n";
  page += volume_chart(figures.volume) + "\n";
  page += element("h2", "", "From the message's birth to its successful delivery") + "\n";
  page += delays_chart(figures.delays) + "\n";
  for (const ShownTable& table : tables_of(figures, most_page_rows)) page += table_of(table);
  return page.append(foot);
}

}  // namespace qmail::report
