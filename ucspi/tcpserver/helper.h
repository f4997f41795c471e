// A process of the server's own that does one thing for it.
#pragma once

namespace qmail::ucspi {

/// In the new process: signals are as they were before the server changed them, and nothing of the server's
/// stays open but `kept`, its way to the server, and the three standard descriptors. A client that the server
/// hangs up on is hung up on.
void become_helper(int kept);

}  // namespace qmail::ucspi
