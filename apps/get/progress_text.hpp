#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <braid/core/clock.hpp>

namespace braid::get {

/// How far a transfer is.
struct progress {
  progress() = default;

  std::uint64_t received = 0, sent = 0;
  std::optional<std::uint64_t> to_receive, to_send;  // empty where nobody said
  std::uint64_t had = 0;                             // bytes of an earlier attempt, which -C leaves out
  std::uint64_t rate = 0;                            // bytes a second, lately
  duration spent{};
};

/// The two lines above a meter.
std::string meter_head();
/// The meter as curl draws it, 79 columns behind a CR: shares, sizes, mean rates, times, the rate lately.
std::string meter_line(const progress& how);

/// A bar of `columns` (20 to 400) behind a CR: "######   42.0%  1.2M/s  0:00:12". What is complete is all bar, as
/// curl's:
/// "####### 100.0%". Without a known size, what has come and how fast.
std::string bar_line(const progress& how, std::size_t columns);

/// A number of bytes in five places: "  512", "99.9k", " 123M".
std::string size_text(std::uint64_t bytes);
/// "1:02:03", "12h 03m", "123d 4h": seven places; "-:--:--" for none.
std::string span_text(std::optional<std::uint64_t> seconds);

}  // namespace braid::get
