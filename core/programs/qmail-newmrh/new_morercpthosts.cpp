#include "core/programs/qmail-newmrh/new_morercpthosts.h"

#include "core/base/failure.h"
#include "core/base/publish.h"
#include "core/base/text.h"
#include "core/control/control.h"
#include "core/format/cdb.h"

namespace qmail {

void new_morercpthosts(const Directory& control) {
  const std::string label = control.path_of("morercpthosts");
  const auto text = Control(control.sub(".")).bytes("morercpthosts");
  if (!text) throw Failure::system("read " + label, ENOENT);
  CdbBuilder builder;
  for (const std::string& line : control_lines(*text))
    if (!builder.add(lower(line), "")) throw Failure(Exit::temporary, "unable to build cdb: over 4 GB");
  publish(control, "morercpthosts.cdb", builder.finish(), 0644, "morercpthosts.tmp");
}

}  // namespace qmail
