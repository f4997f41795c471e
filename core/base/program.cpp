#include "core/base/program.h"

#include <cstdlib>
#include <fcntl.h>
#include <new>
#include <unistd.h>

#include "core/base/home.h"
#include "core/base/io.h"

// Three functions in place of the libraries' own, which bring a demangler, stdio and message catalogues, 200
// KB, into every program. What reaches the first two is a bug, and the signal says as much; the third only
// words exceptions that nobody sees.
namespace __gnu_cxx {
void __verbose_terminate_handler() { std::abort(); }
}  // namespace __gnu_cxx
extern "C" {
void __assert_fail(const char*, const char*, unsigned, const char*) noexcept { std::abort(); }
char* gettext(const char* text) noexcept { return const_cast<char*>(text); }
}

namespace qmail {
namespace {

int finish(const char* name, int code, const std::string& why, const Ending& ending) {
  if (ending.report) {
    ending.report(why);
  } else {
    // Nobody is left to tell if standard error is gone.
    static_cast<void>(Writer(2).put(name).put(": fatal: ").put(why).put("\n").flush());
  }
  return code;
}

/// The synopsis, its further forms indented below the first.
std::string synopsis(std::string_view before) {
  std::string text(before);
  for (const char c : std::string_view(program_text.synopsis)) {
    text += c;
    if (c == '\n') text.append(before.size(), ' ');
  }
  return text + "\n";
}

int help() {
  const std::string text = std::string(program_text.name) + ": " + program_text.purpose + "\n" +
                           synopsis("usage: ") + "See " + program_text.page + ".\n";
  return Writer(1).put(text).flush() ? 0 : 111;
}

}  // namespace

Directory Process::home() const { return Directory::open(home_path()); }

void hold_standard_descriptors() {
  for (const int number : {0, 1, 2}) {
    if (::fcntl(number, F_GETFD) >= 0) continue;
    // The lowest free number is the one that is missing; if even this cannot be opened, nothing else can.
    static_cast<void>(::open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY));
  }
}

int run_caught(const char* name, const std::function<int()>& work, const Ending& ending) {
  try {
    return work();
  } catch (const UsageError& error) {
    Writer err(2);
    if (*error.what() != '\0') err.put(name).put(": ").put(error.what()).put("\n");
    // Nobody is left to tell if standard error is gone.
    static_cast<void>(err.put(synopsis(std::string(name) + ": usage: ")).flush());
    return static_cast<int>(error.code());
  } catch (const Failure& failure) {
    return finish(name, ending.failure.value_or(static_cast<int>(failure.code())), failure.what(), ending);
  } catch (const std::bad_alloc&) {
    return finish(name, ending.out_of_memory, "out of memory", ending);
  }
}

int run_program(const char* name, int argc, char** argv, const std::function<int(Process&)>& work,
                const Ending& ending) {
  const auto run = [&] {
    hold_standard_descriptors();
    const SystemClock clock;
    Process self{.name = name,
                 .args = {},
                 .invoked_as = argc > 0 ? argv[0] : name,
                 .environment = Environment::from(::environ),
                 .clock = clock,
                 .real_uid = ::getuid()};
    if (argc > 1) self.args.assign(argv + 1, argv + argc);
    if (argc == 2 && self.args.front() == "--help") return help();
    return work(self);
  };
  return run_caught(name, run, ending);
}

}  // namespace qmail
