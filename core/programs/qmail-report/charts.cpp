#include "core/programs/qmail-report/charts.h"

#include <algorithm>

#include "core/programs/qmail-report/markup.h"
#include "core/programs/qmail-report/show.h"

namespace qmail::report {
namespace {

constexpr double chart_width = 960, chart_height = 260;
constexpr double left = 70, right = 10, top = 14, bottom = 34;
constexpr double base = chart_height - bottom;
constexpr double plot_width = chart_width - left - right, plot_height = base - top;

/// A round number that is at least `value`.
std::uint64_t round_up(std::uint64_t value) {
  std::uint64_t power = 1;
  while (power <= value / 10) power *= 10;
  for (const std::uint64_t factor : {1U, 2U, 5U, 10U})
    if (power * factor >= value) return power * factor;
  return value;
}

double height_of(std::uint64_t value, std::uint64_t full) {
  return ratio(static_cast<double>(value), full) * plot_height;
}

/// Lines across at whole parts of `full`, with their values.
std::string scale(std::uint64_t full) {
  std::string text;
  const std::uint64_t parts = full % 4 == 0 ? 4 : full % 5 == 0 ? 5 : full < 4 ? full : 2;
  for (std::uint64_t part = 0; part <= parts; ++part) {
    const double y = base - plot_height * static_cast<double>(part) / static_cast<double>(parts);
    text += svg_line(left, y, chart_width - right, y);
    text += svg_text(left - 8, y + 4, "value", grouped(full * part / parts));
  }
  return text;
}

std::string stack(const Bin& bin, double x, double bar_width, std::uint64_t full) {
  const std::string when = moment_text(bin.start) + " UTC: ";
  std::string bars;
  double y = base;
  const auto put = [&](std::string_view kind, std::uint64_t count, std::string_view what) {
    const double tall = height_of(count, full);
    y -= tall;
    if (count > 0)
      bars += svg_bar({.x = x,
                       .y = y,
                       .width = bar_width,
                       .height = tall,
                       .kind = kind,
                       .tip = when + grouped(count) + std::string(what)});
  };
  put("success", bin.successes, " succeeded");
  put("deferral", bin.deferrals, " deferred");
  put("failure", bin.failures, " failed");
  return bars;
}

}  // namespace

std::string volume_chart(const Volume& volume) {
  const std::vector<Bin> bins = volume.bins();
  std::uint64_t largest = 1;
  for (const Bin& bin : bins) largest = std::max(largest, bin.deliveries());
  const std::uint64_t full = round_up(largest);
  const double step = plot_width / static_cast<double>(std::max<std::size_t>(1, bins.size()));
  constexpr std::size_t most_labels = 8;
  const std::size_t labelled = (bins.size() + most_labels - 1) / most_labels;
  std::string content = scale(full);
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const double x = left + step * static_cast<double>(i);
    content += stack(bins[i], x, std::max(step * 0.85, 1.0), full);
    if (i % labelled == 0 && x < chart_width - 100)
      content += svg_text(x, base + 20, "time", moment_text(bins[i].start).substr(5, 11));
  }
  return svg(chart_width, chart_height, "Deliveries over time", content);
}

std::string delays_chart(const Delays& delays) {
  const auto& counts = delays.counts();
  const std::uint64_t full =
      round_up(std::max<std::uint64_t>(1, *std::max_element(counts.begin(), counts.end())));
  const double step = plot_width / static_cast<double>(counts.size());
  std::string content = scale(full);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double x = left + step * static_cast<double>(i);
    const double tall = height_of(counts.at(i), full);
    const std::string_view label = Delays::bars.at(i).label;
    content += svg_bar({.x = x + step * 0.1,
                        .y = base - tall,
                        .width = step * 0.8,
                        .height = tall,
                        .kind = "delay",
                        .tip = std::string(label) + ": " + grouped(counts.at(i))});
    content += svg_text(x + step / 2, base + 20, "label", label);
  }
  return svg(chart_width, chart_height, "How long it took until deliveries succeeded", content);
}

}  // namespace qmail::report
