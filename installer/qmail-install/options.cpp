#include "installer/qmail-install/options.h"

#include "installer/qmail-install/commands.h"

namespace qmail::installer {
namespace {

/// The arguments, one after another.
class Arguments {
 public:
  explicit Arguments(const std::vector<std::string>& args) : args_(args) {}
  bool are_over() const { return next_ == args_.size(); }
  std::string take() {
    if (are_over()) throw UsageError(usage_code);
    return args_[next_++];
  }

 private:
  const std::vector<std::string>& args_;
  std::size_t next_ = 0;
};

void take(Arguments& args, Options& options) {
  const std::string word = args.take();
  if (word == "--yes") {
    options.yes = true;
  } else if (word == "--dry-run" || word == "plan") {
    options.dry_run = true;
  } else if (word == "--json") {
    options.json = true;
  } else if (word == "--keep-queue") {
    options.keep_queue = true;
  } else if (word == "--root") {
    options.root = args.take();
  } else if (word == "--answers") {
    options.answers = args.take();
  } else if (word == "preflight") {
    options.action = Action::preflight;
  } else if (word == "uninstall") {
    options.action = Action::uninstall;
  } else if (word == "--list") {
    options.action = Action::list;
  } else if (word == "--resume") {
    options.action = Action::resume;
  } else if (word == "--roll-back") {
    options.action = Action::roll_back;
    options.id = args.take();
  } else {
    throw UsageError(usage_code, "unknown argument: " + word);
  }
}

}  // namespace

Options parse_options(const std::vector<std::string>& args) {
  Options options;
  Arguments rest(args);
  while (!rest.are_over()) take(rest, options);
  return options;
}

}  // namespace qmail::installer
