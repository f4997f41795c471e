// What went to whom: zrecipients(1), zrhosts(1), zrxdelay(1).
#pragma once
#include "core/base/io.h"

namespace qmail::activity {

void list_recipients(int in, Writer& out);
/// What stands behind the last @ of a recipient.
void list_recipient_hosts(int in, Writer& out);
/// By how long a delivery takes on average.
void list_recipients_by_speed(int in, Writer& out);

}  // namespace qmail::activity
