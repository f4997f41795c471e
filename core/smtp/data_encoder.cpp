#include "core/smtp/data_encoder.h"

namespace qmail::smtpc {

void DataEncoder::end_line(std::string& out) {
  out += "\r\n";
  at_line_start_ = true;
  after_cr_ = false;
}

void DataEncoder::encode(std::string_view in, std::string& out) {
  while (!in.empty()) {
    const char first = in.front();
    if (after_cr_) {
      end_line(out);
      if (first == '\n') in.remove_prefix(1);
      continue;
    }
    if (first == '\r' || first == '\n') {
      if (first == '\n') end_line(out);
      if (first == '\r') after_cr_ = true;
      in.remove_prefix(1);
      continue;
    }
    if (at_line_start_ && first == '.') out += '.';
    at_line_start_ = false;
    const std::string_view line = in.substr(0, in.find('\n'));
    const std::string_view run = line.substr(0, line.find('\r'));
    out += run;
    in.remove_prefix(run.size());
  }
}

bool DataEncoder::finish(std::string& out) {
  if (after_cr_) end_line(out);
  if (!at_line_start_) return false;
  out += ".\r\n";
  return true;
}

}  // namespace qmail::smtpc
