// Signals. The handler of a caught signal sets its flag, or ends the process, and nothing else.
#pragma once

namespace qmail::signals {

void ignore(int number);
void set_default(int number);
/// From now on `number` only sets its flag; waiting calls return EINTR.
void catch_flag(int number);
/// From now on `number` ends the process at once with `code`, after `last_words` on standard error. Nothing
/// is cleaned: what is left behind must be a state that others know. `last_words` must live as long.
void catch_exit(int number, int code, const char* last_words = "");
/// True once per arrival (or several that came together).
bool take(int number);
/// For tests and for parents that learn of an event another way.
void raise_flag(int number);
void block(int number);
void unblock(int number);
void unblock_all();
/// True if somebody before us ignores it, as nohup(1) does.
bool is_ignored(int number);
/// Takes back all of the above: dispositions as they were, flags down, nothing blocked, no alarm.
void restore();

/// While it lives, the process may last `seconds` more: then SIGALRM ends it as catch_exit() says.
class TimeLimit {
 public:
  TimeLimit(unsigned seconds, int code, const char* last_words);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
};

}  // namespace qmail::signals
