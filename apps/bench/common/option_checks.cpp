#include "option_checks.hpp"

#include <charconv>

#include "duration_text.hpp"

namespace braid::bench {

std::optional<std::uint64_t> parse_size(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string suffix(end, text.data() + text.size());
  if (error != std::errc{} || value > (std::uint64_t{1} << 40)) {
    return std::nullopt;
  }
  if (suffix.empty() || suffix == "B") return value;
  if (suffix == "K" || suffix == "KB" || suffix == "KiB") return value << 10;
  if (suffix == "M" || suffix == "MB" || suffix == "MiB") return value << 20;
  return std::nullopt;
}

CLI::Validator size_validator() {
  const auto check = [](const std::string& text) {
    return parse_size(text) ? std::string{} : "'" + text + "' is no size such as 4096, 300K, 1M";
  };
  return CLI::Validator(check, "SIZE", "");
}

CLI::Validator duration_in(std::chrono::nanoseconds unit) {
  const auto check = [unit](const std::string& text) {
    return parse_duration(text, unit) ? std::string{} : "'" + text + "' is no duration such as 100ms, 1.5s, 2min";
  };
  return CLI::Validator(check, "TIME", "");
}

CLI::Validator contexts_validator() {
  const auto check = [](const std::string& text) -> std::string {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    if (text == "auto" || (number && value >= 1 && value <= 1024)) {
      return {};
    }
    return "'" + text + "' is neither auto nor a number from 1 to 1024";
  };
  return CLI::Validator(check, "N|auto", "");
}

unsigned contexts_from(const std::string& text) {
  return text == "auto" ? usable_cores() : static_cast<unsigned>(std::stoul(text));
}

void add_progress(CLI::App& app, std::string& name) {
  app.add_option("--progress", name, "auto, bar, plain or none; on stderr")
      ->check(CLI::IsMember({"auto", "bar", "plain", "none"}))
      ->capture_default_str();
}

progress_style progress_from(const std::string& name) {
  if (name == "bar") return progress_style::bar;
  if (name == "plain") return progress_style::plain;
  return name == "none" ? progress_style::none : progress_style::automatic;
}

}  // namespace braid::bench
