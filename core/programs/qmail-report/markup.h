// HTML and SVG as text. Everything that comes from a log goes through escape().
#pragma once
#include <string>
#include <string_view>

namespace qmail::report {

/// Printable text as the content of an element or of an attribute in double quotes.
std::string escape(std::string_view text);

/// <NAME ATTRIBUTES>content</NAME>; the content is markup already.
std::string element(std::string_view name, std::string_view attributes, std::string_view content);

/// A bar of a chart; what it says when it is pointed at is text.
struct Bar {
  double x = 0, y = 0, width = 0, height = 0;
  std::string_view kind = {};  ///< the class that gives it its colour
  std::string tip = {};
};
std::string svg_bar(const Bar& bar);
std::string svg_text(double x, double y, std::string_view kind, std::string_view text);
std::string svg_line(double x1, double y1, double x2, double y2);
/// `label` tells those who cannot see it what it is.
std::string svg(double width, double height, std::string_view label, std::string_view content);

}  // namespace qmail::report
