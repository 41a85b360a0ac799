#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "fault.hpp"

namespace braid::serve {

/// One refusal on its way out of the reading of a request.
struct refused {
  fault why;
};

/// Throws a refusal of the parameter.
[[noreturn]] void refuse(std::string_view name, const std::string& message);

// The values of parameters, checked. Each throws a refusal that names the parameter.

/// UTF-8 of at most `longest` bytes without control characters.
std::string text_of(std::string_view name, const nlohmann::json& value, std::size_t longest = 512);
/// A whole number, which may be written as a text.
unsigned number_of(std::string_view name, const nlohmann::json& value, unsigned least, unsigned most);
bool flag_of(std::string_view name, const nlohmann::json& value);
std::string one_of(std::string_view name, const nlohmann::json& value, std::initializer_list<std::string_view> known);
/// "us", "en", "pt-BR", "zh_TW".
std::string code_of(std::string_view name, const nlohmann::json& value);
/// It becomes the host that is asked, so it can only be one of Google's; with "www.".
std::string google_domain_of(std::string_view name, const nlohmann::json& value);
/// An http or https URL without user and password.
std::string callback_of(std::string_view name, const nlohmann::json& value);

}  // namespace braid::serve
