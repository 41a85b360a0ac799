#include "replace_file.hpp"

#include <fstream>
#include <string>

#include <braid/core/error.hpp>

namespace braid::http {

void replace_file(const std::filesystem::path& file, std::string_view text, std::string_view doing) {
  std::filesystem::path part = file;
  part += ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code failure;
  if (out) std::filesystem::rename(part, file, failure);
  if (out && !failure) return;
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  throw io_error(std::string(doing) + ' ' + file.string() + ": " +
                 (failure ? failure.message() : "it cannot be written"));
}

}  // namespace braid::http
