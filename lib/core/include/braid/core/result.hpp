#pragma once

#include <boost/system/result.hpp>
#include <exception>

namespace braid {

/// What became of one item among many: its value, or the exception that ended it. `value()` rethrows that exception.
///
/// For streams of items, where one bad item must not end the run; a single operation throws instead.
template <class T>
using result = boost::system::result<T, std::exception_ptr>;

}  // namespace braid
