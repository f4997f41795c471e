#include "core/programs/qmail-report/summary.h"

#include <functional>

#include "core/programs/qmail-report/show.h"

namespace qmail::report {
namespace {

using Row = std::vector<std::string>;

std::string average_time(const Sums& sums, std::uint64_t count) {
  return duration_text(ratio(seconds_of(sums.nanoseconds), count));
}

std::string counted(std::uint64_t number, const std::string& thing) {
  return grouped(number) + " " + thing + (number == 1 ? "" : "s");
}

std::string messages_text(const Figures& f) {
  std::string text = grouped(f.queued.messages) + " queued (" + size_text(f.queued.bytes) + "), " +
                     grouped(f.done.messages) + " done, " + grouped(f.unfinished_messages()) + " unfinished";
  if (f.done.messages > 0) text += "; " + average_time(f.done, f.done.messages) + " in the queue on average";
  return text;
}

std::string deliveries_text(const Figures& f) {
  std::string text = grouped(f.tried.deliveries()) + ": " + grouped(f.tried.successes) + " succeeded, " +
                     grouped(f.tried.failures) + " failed, " + grouped(f.tried.deferrals) + " deferred";
  if (f.average_concurrency() > 0)
    text += "; " + decimal(f.average_concurrency(), 3) + " at a time on average";
  return text;
}

std::string delays_text(const Figures& f) {
  if (f.delays.count() == 0) return "no delivery succeeded";
  std::string text;
  for (const double percent : {50.0, 90.0, 95.0, 99.0})
    text += decimal(percent, 0) + "% within " + duration_text(f.delays.seconds_within(percent)) + ", ";
  return text + "all within " + duration_text(f.delays.slowest_seconds());
}

std::string lines_text(const Figures& f) {
  std::string text = grouped(f.lines) + ", " + grouped(f.lines_not_understood) + " of them not of qmail-send";
  if (f.passed_over() > 0)
    text += "; " + grouped(f.passed_over()) + " told of more unfinished messages than can be remembered";
  return text;
}

ShownTable table(std::string title, const Heaviest& heaviest, std::size_t most, Row headings,
                 const std::function<Row(const Heavy&)>& row) {
  ShownTable shown{.title = std::move(title), .headings = std::move(headings), .rows = {}};
  for (const Heavy& heavy : heaviest.top(most)) {
    shown.rows.push_back(row(heavy));
    shown.rows.back().push_back(printable(heavy.key));
  }
  return shown;
}

std::string counts_remark(const Heaviest& heaviest) {
  if (heaviest.excess() == 0) return "";
  return "There were too many to count each: a count may be too large by " + grouped(heaviest.excess()) +
         ", and other figures too small.";
}

std::string times_remark(const Heaviest& heaviest) {
  if (heaviest.excess() == 0) return "";
  return "There were too many to count each: a time may be too long by " +
         duration_text(seconds_of(static_cast<std::int64_t>(heaviest.excess()))) +
         ", and other figures too small.";
}

ShownTable reasons(std::string title, const Heaviest& heaviest, std::size_t most) {
  ShownTable shown = table(
      std::move(title), heaviest, most, {"deliveries", "average time", "reason"}, [](const Heavy& heavy) {
        return Row{grouped(heavy.weight), average_time(heavy.sums, heavy.sums.deliveries())};
      });
  shown.remark = counts_remark(heaviest);
  return shown;
}

ShownTable hosts(const Figures& f, std::size_t most) {
  ShownTable shown =
      table("Slowest hosts: where deliveries spent the most time", f.hosts, most,
            {"time", "average", "succeeded", "failed", "deferred", "host"}, [](const Heavy& heavy) {
              const Sums& sums = heavy.sums;
              return Row{duration_text(seconds_of(static_cast<std::int64_t>(heavy.weight))),
                         average_time(sums, sums.deliveries()), grouped(sums.successes),
                         grouped(sums.failures), grouped(sums.deferrals)};
            });
  shown.remark = times_remark(f.hosts);
  return shown;
}

ShownTable senders(const Figures& f, std::size_t most) {
  ShownTable shown =
      table("Top senders", f.senders, most, {"messages", "size", "sender"}, [](const Heavy& heavy) {
        return Row{grouped(heavy.weight), size_text(heavy.sums.bytes)};
      });
  shown.remark = counts_remark(f.senders);
  return shown;
}

ShownTable trouble(const Figures& f, std::size_t most) {
  ShownTable shown = table("Warnings and alerts", f.trouble, most, {"times", "what"},
                           [](const Heavy& heavy) { return Row{grouped(heavy.weight)}; });
  shown.remark = counts_remark(f.trouble);
  return shown;
}

}  // namespace

std::vector<Line> summary_of(const Figures& f) {
  std::vector<Line> lines;
  if (f.first)
    lines.push_back({"Time", moment_text(*f.first) + " to " + moment_text(*f.last) + " UTC, " +
                                 duration_text(static_cast<double>(*f.last - *f.first))});
  lines.push_back({"Lines", lines_text(f)});
  lines.push_back({"Messages", messages_text(f)});
  lines.push_back({"Deliveries", deliveries_text(f)});
  lines.push_back({"Delays", delays_text(f)});
  lines.push_back({"Trouble", counted(f.alerts, "alert") + ", " + counted(f.warnings, "warning")});
  return lines;
}

std::vector<ShownTable> tables_of(const Figures& f, std::size_t most) {
  std::vector<ShownTable> tables{trouble(f, most), reasons("Failures by reason", f.failure_reasons, most),
                                 reasons("Deferrals by reason", f.deferral_reasons, most), hosts(f, most),
                                 senders(f, most)};
  std::erase_if(tables, [](const ShownTable& one) { return one.rows.empty(); });
  return tables;
}

}  // namespace qmail::report
