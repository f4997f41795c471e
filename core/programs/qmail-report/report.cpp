#include "core/programs/qmail-report/report.h"

#include <array>
#include <sys/stat.h>

#include "core/base/io.h"
#include "core/base/options.h"
#include "core/base/publish.h"
#include "core/log/activity/calendar.h"
#include "core/log/activity/lines.h"
#include "core/programs/qmail-report/figures.h"
#include "core/programs/qmail-report/json_form.h"
#include "core/programs/qmail-report/page_form.h"
#include "core/programs/qmail-report/text_form.h"

namespace qmail::report {
namespace {

/// Twice what an address of the longest kind needs. What a report says beyond is not shown anyway.
constexpr std::size_t longest_line = 2048;

void read_log(int in, const std::string& label, Calendar& calendar, Figures& figures) {
  LogLines lines(calendar);
  const auto take = [&](std::string_view line, std::size_t dropped) {
    figures.take(lines.take(line, dropped));
  };
  const std::string last = activity::read_lines(in, label, take, longest_line);
  // A log that is still being written ends anywhere.
  if (!last.empty()) figures.take(lines.take(last));
}

void write_page(const std::string& file, const std::string& text) {
  const std::size_t slash = file.rfind('/');
  const bool has_folder = slash != std::string::npos;
  const Directory folder = Directory::open(has_folder ? file.substr(0, slash + 1) : ".");
  const std::string name = has_folder ? file.substr(slash + 1) : file;
  // Whom it tells about is nobody's business unless somebody made the file so.
  struct stat before {};
  const bool is_there = ::fstatat(folder.get(), name.c_str(), &before, AT_SYMLINK_NOFOLLOW) == 0;
  publish(folder, name, text, is_there ? before.st_mode & 0777 : 0600);
}

}  // namespace

Request Request::parse(const std::vector<std::string>& args) {
  static constexpr std::array<NamedOption, 2> names{{{"html", 'h', true}, {"json", 'j', false}}};
  Request request;
  Options options(args, "", names);
  while (const auto option = options.next()) {
    if (*option == 'h')
      request.page = options.value();
    else if (*option == 'j')
      request.json = true;
    else
      throw UsageError(Exit::permanent, options.problem());
  }
  if (request.page && (request.page->empty() || request.page->ends_with('/')))
    throw UsageError(Exit::permanent, "--html needs the name of a file");
  request.logs = options.rest();
  return request;
}

void report_on(const Request& request, const Process& self) {
  activity::SystemCalendar calendar(self.clock);
  Figures figures(self.clock.now());
  for (const std::string& log : request.logs) {
    const Fd file(::open(log.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file) throw Failure::system("open " + log);
    read_log(file.get(), log, calendar, figures);
  }
  if (request.logs.empty()) read_log(self.in, "input", calendar, figures);

  if (request.page) write_page(*request.page, page_form(figures));
  Writer out(self.out);
  if (request.json) out.put(json_form(figures));
  if (!request.page && !request.json) out.put(text_form(figures));
  out.flush_or_throw("output");
}

}  // namespace qmail::report
