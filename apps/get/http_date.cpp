#include "http_date.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>

namespace braid::get {

namespace {

constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

bool begins_alike(std::string_view word, std::string_view short_form) {
  if (word.size() < 3) return false;
  for (std::size_t i = 0; i < 3; ++i) {
    if (std::tolower(static_cast<unsigned char>(word[i])) != std::tolower(static_cast<unsigned char>(short_form[i])))
      return false;
  }
  return true;
}

/// Minutes east of Greenwich.
std::optional<int> zone_of(std::string_view word) {
  struct zone {
    std::string_view name;
    int minutes;
  };
  constexpr std::array<zone, 15> zones{{{"GMT", 0},
                                        {"UTC", 0},
                                        {"UT", 0},
                                        {"Z", 0},
                                        {"WET", 0},
                                        {"BST", 60},
                                        {"CET", 60},
                                        {"CEST", 120},
                                        {"EST", -300},
                                        {"EDT", -240},
                                        {"CST", -360},
                                        {"CDT", -300},
                                        {"MST", -420},
                                        {"PST", -480},
                                        {"PDT", -420}}};
  for (const zone& one : zones) {
    if (one.name == word) return one.minutes;
  }
  return std::nullopt;
}

class date_reader {
 public:
  std::optional<std::time_t> read(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const char c = text[at];
      if (std::isalpha(static_cast<unsigned char>(c))) {
        std::size_t end = at;
        while (end < text.size() && std::isalpha(static_cast<unsigned char>(text[end]))) ++end;
        if (!take_word(text.substr(at, end - at))) return std::nullopt;
        at = end;
      } else if (std::isdigit(static_cast<unsigned char>(c))) {
        std::size_t end = at;
        while (end < text.size() && (std::isdigit(static_cast<unsigned char>(text[end])) || text[end] == ':')) ++end;
        const bool signed_zone =
            at > 0 && (text[at - 1] == '+' || text[at - 1] == '-') && end - at == 4 && has_time_ && year_ > 0;
        if (!(signed_zone ? take_zone(text.substr(at, 4), text[at - 1]) : take_number(text.substr(at, end - at)))) {
          return std::nullopt;
        }
        at = end;
      } else {
        ++at;
      }
    }
    if (day_ < 1 || month_ < 0 || year_ < 0) return std::nullopt;
    std::tm parts{};
    parts.tm_year = year_ - 1900;
    parts.tm_mon = month_;
    parts.tm_mday = day_;
    parts.tm_hour = hour_;
    parts.tm_min = minute_;
    parts.tm_sec = second_;
    if (day_ > 31 || hour_ > 23 || minute_ > 59 || second_ > 60) return std::nullopt;
    return timegm(&parts) - zone_ * 60;
  }

 private:
  bool take_word(std::string_view word) {
    if (const auto zone = zone_of(word)) {
      zone_ = *zone;
      return true;
    }
    if (word == "T") return true;
    for (const char* const name : days) {
      if (begins_alike(word, name)) return true;
    }
    for (std::size_t i = 0; i < months.size(); ++i) {
      if (!begins_alike(word, months[i])) continue;
      month_ = static_cast<int>(i);
      return true;
    }
    return false;
  }

  bool take_zone(std::string_view digits, char sign) {
    const int number = std::atoi(std::string(digits).c_str());
    zone_ = (number / 100 * 60 + number % 100) * (sign == '-' ? -1 : 1);
    return true;
  }

  bool take_number(std::string_view text) {
    if (text.find(':') != text.npos) {
      has_time_ = true;
      return std::sscanf(std::string(text).c_str(), "%2d:%2d:%2d", &hour_, &minute_, &second_) >= 2;
    }
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc()) return false;
    if (text.size() == 8) {
      year_ = number / 10000;
      month_ = number / 100 % 100 - 1;
      day_ = number % 100;
    } else if (text.size() == 4) {
      year_ = number;
    } else if (year_ > 0 && month_ < 0) {
      month_ = number - 1;  // 1994-11-06
    } else if (day_ < 0) {
      day_ = number;
    } else if (year_ < 0) {
      year_ = number + (number > 70 ? 1900 : 2000);
    } else {
      return false;
    }
    return true;
  }

  int year_ = -1, month_ = -1, day_ = -1, hour_ = 0, minute_ = 0, second_ = 0, zone_ = 0;
  bool has_time_ = false;
};

}  // namespace

std::string http_date(std::time_t when) {
  std::tm parts{};
  gmtime_r(&when, &parts);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                parts.tm_sec);
  return text.data();
}

std::optional<std::time_t> parse_date(std::string_view text) { return date_reader().read(text); }

}  // namespace braid::get
