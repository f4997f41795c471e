// Tables of text. columnt(1), and what the z programs print.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace qmail::activity {

/// The lines of `text` with their words in columns: all to the right but the last column's.
std::string align_columns(std::string_view text);

/// Lines under `headings`, in the order that sort(1) gives them by the words from the `column`th on.
class SortedTable {
 public:
  enum class Order { by_bytes, by_number };
  SortedTable(std::string headings, std::size_t column, Order order = Order::by_bytes)
      : headings_(std::move(headings)), column_(column), order_(order) {}

  void add(std::string line) { lines_.push_back(std::move(line)); }
  std::string text();

 private:
  std::string headings_;
  std::size_t column_;
  Order order_;
  std::vector<std::string> lines_;
};

}  // namespace qmail::activity
