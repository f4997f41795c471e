#include "core/programs/qmail-report/markup.h"

#include "core/programs/qmail-report/show.h"

namespace qmail::report {
namespace {

std::string attribute(std::string_view name, double value) {
  return std::string(" ").append(name).append("=\"").append(decimal(value, 1)).append("\"");
}

std::string attribute(std::string_view name, std::string_view value) {
  return std::string(" ").append(name).append("=\"").append(escape(value)).append("\"");
}

}  // namespace

std::string escape(std::string_view text) {
  std::string safe;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::string element(std::string_view name, std::string_view attributes, std::string_view content) {
  return std::string("<")
      .append(name)
      .append(attributes)
      .append(">")
      .append(content)
      .append("</")
      .append(std::string(name).append(">"));
}

std::string svg_bar(const Bar& bar) {
  return element("rect",
                 attribute("class", bar.kind) + attribute("x", bar.x) + attribute("y", bar.y) +
                     attribute("width", bar.width) + attribute("height", bar.height),
                 element("title", "", escape(bar.tip)));
}

std::string svg_text(double x, double y, std::string_view kind, std::string_view text) {
  return element("text", attribute("class", kind) + attribute("x", x) + attribute("y", y), escape(text));
}

std::string svg_line(double x1, double y1, double x2, double y2) {
  return "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
         "/>";
}

std::string svg(double width, double height, std::string_view label, std::string_view content) {
  const std::string box = "0 0 " + decimal(width, 0) + " " + decimal(height, 0);
  return element("svg", attribute("viewBox", box) + attribute("role", "img") + attribute("aria-label", label),
                 content);
}

}  // namespace qmail::report
