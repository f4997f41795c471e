// All residents of one server: those of each program of its command line that can stay.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

#include "ucspi/tcpserver/residents.h"

namespace qmail::ucspi {

class Staff {
 public:
  /// All of it must outlive this object.
  Staff(const Process& self, Watch& watch, FileLimit& files);

  /// Those of the program that exec would run for this name. A program that is first asked for here begins
  /// to be looked at here, as the user that this process is by then.
  Residents& of(const std::string& program);
  /// Allows for the descriptors that `connections` of this program take, if its residents can serve any.
  void make_room(const std::string& program, std::size_t connections);

  /// As Residents has them, for all of them.
  void take(int fd);
  std::vector<Ended> take_ended();
  void renew();
  bool was_mine(pid_t child);

 private:
  const Premises premises_;
  FileLimit& files_;
  std::map<std::string, Residents> residents_;  ///< by the name of the program
};

}  // namespace qmail::ucspi
