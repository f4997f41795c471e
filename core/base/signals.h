// Signals. The handler of a caught signal sets its flag and nothing else.
#pragma once

namespace qmail::signals {

void ignore(int number);
void set_default(int number);
/// From now on `number` only sets its flag; waiting calls return EINTR.
void catch_flag(int number);
/// True once per arrival (or several that came together).
bool take(int number);
/// For tests and for parents that learn of an event another way.
void raise_flag(int number);
void block(int number);
void unblock(int number);
void unblock_all();

}  // namespace qmail::signals
