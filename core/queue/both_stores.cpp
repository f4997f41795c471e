#include "core/queue/both_stores.h"

#include <algorithm>
#include <iterator>

namespace qmail::queue {

std::vector<Number> BothStores::stock_ones(std::span<const Number> numbers) const {
  std::vector<Number> result;
  std::copy_if(numbers.begin(), numbers.end(), std::back_inserter(result),
               [&](Number number) { return !log_.find_in_memory(number); });
  return result;
}

}  // namespace qmail::queue
