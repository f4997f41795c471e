#include "core/programs/qmail-report/text_form.h"

#include <algorithm>

#include "core/programs/qmail-report/show.h"
#include "core/programs/qmail-report/summary.h"

namespace qmail::report {
namespace {

constexpr std::size_t most_text_rows = 10;
constexpr std::size_t most_bins = 24;
constexpr std::size_t bar_width = 50;

std::string to_right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}
std::string to_left(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

std::string bar(std::uint64_t value, std::uint64_t largest) {
  if (value == 0) return "";
  const double share = ratio(static_cast<double>(value), largest);
  return " " + std::string(std::max<std::size_t>(1, static_cast<std::size_t>(share * bar_width)), '#');
}

std::string volume_text(const Volume& volume) {
  const std::vector<Bin> bins = volume.bins();
  std::uint64_t largest = 0;
  for (const Bin& bin : bins) largest = std::max(largest, bin.deliveries());
  std::string text = "\nDeliveries each " + duration_text(static_cast<double>(volume.width_seconds())) + "\n";
  const std::size_t width = grouped(largest).size();
  for (const Bin& bin : bins)
    text += moment_text(bin.start).substr(0, sizeof "2026-11-21 09:05" - 1) + "  " +
            to_right(grouped(bin.deliveries()), width) + bar(bin.deliveries(), largest) + "\n";
  return text;
}

std::string delays_text(const Delays& delays) {
  const auto& counts = delays.counts();
  const std::uint64_t largest = *std::max_element(counts.begin(), counts.end());
  std::string text = "\nFrom the message's birth to its successful delivery\n";
  for (std::size_t i = 0; i < counts.size(); ++i)
    text += to_right(std::string(Delays::bars.at(i).label), 6) + "  " +
            to_right(grouped(counts.at(i)), grouped(largest).size()) + bar(counts.at(i), largest) + "\n";
  return text;
}

std::string table_text(const ShownTable& table) {
  std::vector<std::size_t> widths;
  for (const std::string& heading : table.headings) widths.push_back(heading.size());
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  const auto line = [&](const std::vector<std::string>& row) {
    std::string text;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) text += to_right(row[i], widths[i]) + "  ";
    return text + row.back() + "\n";
  };
  std::string text = "\n" + table.title + "\n" + line(table.headings);
  for (const auto& row : table.rows) text += line(row);
  return table.remark.empty() ? text : text + table.remark + "\n";
}

}  // namespace

std::string text_form(const Figures& figures) {
  constexpr std::size_t name_width = 12;
  std::string text;
  for (const Line& line : summary_of(figures)) text += to_left(line.name, name_width) + line.text + "\n";
  const Volume volume = figures.volume.coarser(most_bins);
  if (!volume.bins().empty()) text += volume_text(volume);
  if (figures.delays.count() > 0) text += delays_text(figures.delays);
  for (const ShownTable& table : tables_of(figures, most_text_rows)) text += table_text(table);
  return text;
}

}  // namespace qmail::report
