// Why deliveries ended as they did: zsuccesses(1), zfailures(1), zdeferrals(1).
#pragma once
#include <string_view>

#include "core/base/io.h"
#include "core/log/activity/event.h"

namespace qmail::activity {

/// `noun` is what such an end is called: "failure".
void list_reasons(int in, Writer& out, Outcome outcome, std::string_view noun);

}  // namespace qmail::activity
