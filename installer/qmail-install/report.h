// How qmail-install speaks: to a person at a terminal, into a pipe line by line, or as JSON, one object a
// line.
#pragma once
#include <string>

#include "core/base/io.h"
#include "installer/dialogue/messages.h"
#include "installer/plan/planned.h"
#include "installer/transaction/engine.h"

namespace qmail::installer {

/// Where it reads and writes, and in which language.
struct Console {
  int in = 0;
  int out = 1;
  bool is_terminal = false;
  dialogue::Language language = dialogue::Language::english;
};

class Report final : public transaction::Watcher {
 public:
  Report(const Console& console, bool json) : console_(console), json_(json), out_(console.out) {}

  void show(const plan::Finding& finding);
  void show(const transaction::Plan& plan, const dialogue::Message& title);
  /// A sentence for people.
  void tell(const dialogue::Message& message);
  /// A line of its own for programs, besides what people are told.
  void record(const nlohmann::json& object);
  /// An error that belongs to no plan.
  void fail(const dialogue::Message& message);
  /// A step's own words about why it failed.
  void fail(const std::string& why);
  /// One line of --list.
  void transaction(const std::string& id, const std::string& title, std::size_t done, std::size_t steps,
                   const dialogue::Message& state);
  /// Without a newline, for a question. People only.
  void ask(const dialogue::Message& message);

  // How far the engine is.
  void doing(std::size_t number, const transaction::Step& step) override;
  void undoing(std::size_t number, const transaction::Step& step) override;
  void kept(const std::string& note) override;
  bool wants_stop() override;
  void expect(std::size_t steps) { steps_ = steps; }

 private:
  void line(const std::string& text);
  void progress(const char* event, std::size_t number, const std::string& text,
                const transaction::Step& step);
  void flush() { out_.flush_or_throw("standard output"); }

  Console console_;
  bool json_;
  Writer out_;
  std::size_t steps_ = 0;
  bool line_is_open_ = false;  ///< a progress line that the next one overwrites
};

}  // namespace qmail::installer
