#include "installer/qmail-install/commands.h"

#include <algorithm>
#include <signal.h>
#include <unistd.h>

#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "core/base/text.h"
#include "core/dns/own_addresses.h"
#include "core/dns/system_resolver.h"
#include "installer/plan/plan_install.h"
#include "installer/plan/plan_remove.h"
#include "installer/plan/preflight.h"
#include "installer/plan/preflight_outside.h"
#include "installer/qmail-install/ask.h"
#include "installer/transaction/machine.h"

namespace qmail::installer {
namespace {

using dialogue::Text;
using transaction::Journal;
using transaction::Opened;
using transaction::Store;
using transaction::Tree;

class Installer {
 public:
  Installer(const Options& options, const Console& console, const Clock& clock)
      : options_(options),
        console_(console),
        clock_(clock),
        tree_(options.root),
        store_(tree_),
        report_(console, options.json) {}

  int run() {
    switch (options_.action) {
      case Action::list: return list();
      case Action::install: return install();
      case Action::preflight: return preflight();
      case Action::uninstall: return uninstall();
      case Action::roll_back: return with_lock([this] { return roll_back(options_.id); });
      case Action::resume: break;
    }
    return with_lock([this] { return resume(); });
  }

 private:
  int install() {
    const auto given = read_answers();
    if (!given) return code(Code::bad_answers);
    const facts::Facts facts = facts::gather(tree_, store_);
    // Who is named already has had his questions; his settings stay as they are.
    const bool is_named = facts.objects.contains("/var/qmail/control/me");
    const bool asks =
        console_.is_terminal && !is_named && !options_.yes && !options_.answers && !options_.json;
    const dialogue::Answers answers = asks ? ask_answers(report_, console_, complete(*given, facts.host_name))
                                           : complete(*given, facts.host_name);
    const plan::Planned planned = plan::plan_install(facts, answers, hier::read_manifest());
    const int end = carry_out(planned, Text::plan_title_install, Text::installed);
    if (end == 0 && applied_) {
      report_.tell({facts.units.empty() ? Text::start_with : Text::services_run});
      report_.tell({Text::undo_with, {*applied_ + root_option()}});
    }
    return end;
  }

  /// All that is known before anything is decided, of this machine and of what others say about it.
  int preflight() {
    const auto given = read_answers();
    if (!given) return code(Code::bad_answers);
    const facts::Facts facts = facts::gather(tree_, store_);
    const dialogue::Answers answers = complete(*given, facts.host_name);
    plan::Planned planned;
    plan::preflight(facts, answers, planned);
    if (tree_.is_whole_machine()) look_outside(answers, planned);
    for (const plan::Finding& finding : planned.findings) report_.show(finding);
    if (!planned.is_possible()) return code(Code::not_possible);
    report_.tell({Text::nothing_in_the_way});
    return 0;
  }

  void look_outside(const dialogue::Answers& answers, plan::Planned& planned) {
    constexpr unsigned patience_seconds = 30;
    const Deadline budget(clock_, patience_seconds);
    dns::SystemResolver resolver(clock_, {.budget = &budget});
    const auto own = dns::own_addresses();
    preflight_outside(facts::look_around({.host_name = answers.host_name,
                                          .domains = answers.domains,
                                          .own_addresses = own,
                                          .resolver = resolver,
                                          .greet = facts::greet}),
                      answers, planned);
  }

  /// What a crash left in the queue log is out of reach of any other program. While qmail-send runs there is
  /// nothing to do: when it is stopped it does the same.
  bool settle_queue() {
    const std::string program = "/var/qmail/bin/qmail-qctl";
    if (!tree_.is_whole_machine() || ::geteuid() != 0 || ::access(program.c_str(), X_OK) < 0) return true;
    if (facts::gather(tree_, store_).sending || run_and_wait({program, "settle"}) == 0) return true;
    report_.fail({Text::queue_not_settled});
    return false;
  }

  int uninstall() {
    if (!options_.dry_run && !settle_queue()) return code(Code::not_possible);
    const facts::Facts facts = facts::gather(tree_, store_);
    const plan::Planned planned = plan::plan_remove(facts, hier::read_manifest(), options_.keep_queue);
    const int end = carry_out(planned, Text::plan_title_remove, Text::removed);
    if (end == 0 && applied_) report_.tell({Text::undo_from_build, {*applied_ + root_option()}});
    return end;
  }

  std::optional<dialogue::Given> read_answers() {
    if (!options_.answers) return dialogue::Given();
    constexpr std::size_t longest_answers = 1 << 20;
    const Fd file(::open(options_.answers->c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) throw Failure(static_cast<Exit>(Code::bad_answers), unable_to_read(*options_.answers));
    const auto text = read_all(file.get(), longest_answers, *options_.answers);
    auto parsed = dialogue::parse_answers(text.value_or(""), *options_.answers);
    if (auto* given = std::get_if<dialogue::Given>(&parsed)) return *given;
    report_.fail(std::get<dialogue::Message>(parsed));
    return std::nullopt;
  }

  /// What a person must add to a command to mean the same machine.
  std::string root_option() const { return tree_.is_whole_machine() ? "" : " --root " + tree_.root(); }

  static std::string unable_to_read(const std::string& name) {
    return Failure::system("read " + name).what();
  }

  /// Shows the plan and, if that is wanted, does it.
  int carry_out(const plan::Planned& planned, Text title, Text success) {
    for (const plan::Finding& finding : planned.findings) report_.show(finding);
    if (!planned.is_possible()) {
      report_.tell({Text::nothing_changed});
      return code(Code::not_possible);
    }
    const std::size_t count = planned.plan.steps.size();
    if (count == 0) {
      report_.tell({Text::nothing_to_do});
      return 0;
    }
    if (!options_.yes || options_.dry_run)
      report_.show(planned.plan, {title, {std::to_string(count)}});
    else
      report_.tell({title, {std::to_string(count)}});
    if (options_.dry_run) return 0;
    if (!options_.yes && console_.is_terminal && !options_.json) {
      if (!ask_whether(report_, console_, {Text::ask_proceed})) return decline({Text::nothing_changed}, 0);
    } else if (!options_.yes) {
      return decline({Text::add_yes}, code(Code::usage));
    }
    return with_lock([&] { return apply_new(planned.plan, success); });
  }

  int decline(const dialogue::Message& why, int end) {
    report_.tell(why);
    return end;
  }

  template <typename Work>
  int with_lock(Work work) {
    const auto lock = store_.lock();
    if (lock) return work();
    report_.fail({Text::locked});
    return code(Code::locked);
  }

  /// The last transaction that is neither finished nor taken back, if there is one.
  std::optional<std::string> find_pending(Journal::State wanted) const {
    const auto ids = store_.ids();
    const auto found = std::find_if(ids.rbegin(), ids.rend(),
                                    [&](const std::string& id) { return store_.read(id).state() == wanted; });
    return found == ids.rend() ? std::nullopt : std::optional(*found);
  }

  int apply_new(const transaction::Plan& plan, Text success) {
    const auto interrupted = find_pending(Journal::State::interrupted);
    const auto rolling_back = find_pending(Journal::State::rolling_back);
    if (interrupted) report_.fail({Text::pending, {*interrupted}});
    if (rolling_back) report_.fail({Text::pending_roll_back, {*rolling_back}});
    if (interrupted || rolling_back) return code(Code::interrupted);
    return finish(store_.begin(plan, clock_), success);
  }

  int resume() {
    if (const auto id = find_pending(Journal::State::interrupted)) {
      Opened opened = store_.open(*id);
      const bool removes = opened.journal.plan().title == plan::remove_title;
      return finish(std::move(opened), removes ? Text::removed : Text::installed);
    }
    if (const auto id = find_pending(Journal::State::rolling_back)) {
      report_.fail({Text::pending_roll_back, {*id}});
      return code(Code::interrupted);
    }
    report_.tell({Text::nothing_to_do});
    return 0;
  }

  int finish(Opened opened, Text success) {
    for (const int number : {SIGINT, SIGTERM}) signals::catch_flag(number);
    report_.expect(opened.journal.plan().steps.size());
    transaction::Machine machine(tree_, std::move(opened.folder));
    try {
      if (!transaction::apply(machine, opened.journal, report_)) {
        report_.tell({Text::interrupted, {opened.id}});
        return code(Code::interrupted);
      }
    } catch (const Failure& failure) {
      // A step that failed must be taken back before this program may end.
      report_.fail(std::string(failure.what()));
      report_.tell({Text::failed_step});
      return take_back(machine, opened, Code::rolled_back);
    }
    report_.tell({success, {opened.id}});
    applied_ = opened.id;
    return 0;
  }

  int take_back(transaction::Machine& machine, Opened& opened, Code success) {
    try {
      transaction::roll_back(machine, opened.journal, report_);
    } catch (const Failure& failure) {
      // The journal knows how far it came, and the caller how to go on.
      report_.fail(std::string(failure.what()));
      report_.fail({Text::pending_roll_back, {opened.id}});
      return code(Code::stuck);
    }
    report_.tell({Text::rolled_back, {opened.id}});
    return static_cast<int>(success);
  }

  int roll_back(const std::string& id) {
    if (store_.read(id).state() == Journal::State::rolled_back) {
      report_.tell({Text::already_rolled_back, {id}});
      return 0;
    }
    for (const std::string& later : store_.ids())
      if (later > id && store_.read(later).state() != Journal::State::rolled_back) {
        report_.fail({Text::roll_back_later_first, {id, later}});
        return code(Code::not_possible);
      }
    if (!settle_queue()) return code(Code::not_possible);
    Opened opened = store_.open(id);
    report_.expect(opened.journal.plan().steps.size());
    transaction::Machine machine(tree_, std::move(opened.folder));
    return take_back(machine, opened, Code{0});
  }

  static Text state_text(Journal::State state) {
    switch (state) {
      case Journal::State::committed: return Text::state_committed;
      case Journal::State::rolling_back: return Text::state_rolling_back;
      case Journal::State::rolled_back: return Text::state_rolled_back;
      case Journal::State::interrupted: break;
    }
    return Text::state_interrupted;
  }

  int list() {
    const auto ids = store_.ids();
    if (ids.empty()) report_.tell({Text::no_transactions});
    for (const std::string& id : ids) {
      const Journal journal = store_.read(id);
      report_.transaction(id, journal.plan().title, journal.done_count(), journal.plan().steps.size(),
                          {state_text(journal.state())});
    }
    return 0;
  }

  static int code(Code code) { return static_cast<int>(code); }

  const Options& options_;
  const Console& console_;
  const Clock& clock_;
  Tree tree_;
  Store store_;
  Report report_;
  std::optional<std::string> applied_;
};

}  // namespace

int run(const Options& options, const Console& console, const Clock& clock) {
  return Installer(options, console, clock).run();
}

}  // namespace qmail::installer
