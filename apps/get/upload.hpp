#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <braid/http/multipart.hpp>
#include <braid/http/request.hpp>

#include "job.hpp"

namespace braid::get {

/// What a transfer sends as its body: data of the command line, a form, a file, standard input.
class upload {
 public:
  /// Throws: get_error (26) for a file that cannot be read; io_error.
  upload(const job& what, std::uint64_t skip);

  bool any() const { return kind_ != kind::none; }
  /// PUT rather than POST.
  bool is_file() const { return kind_ == kind::file || kind_ == kind::input; }
  /// Of what is sent; empty for standard input.
  std::optional<std::uint64_t> length() const { return length_; }
  /// Of the file, with what is left out.
  std::uint64_t whole() const { return length_.value_or(0) + skip_; }
  std::string content_type() const;
  /// For standard input: how much the user says that it is.
  void take_length(std::string_view number);
  /// False once standard input is used up.
  bool can_repeat() const { return kind_ != kind::input || !used_; }

  /// Gives the request its body, in chunks if asked; at `rate` bytes a second unless that is zero.
  void put_into(http::request& to, std::uint64_t rate, bool chunked);

 private:
  enum class kind : std::uint8_t { none, data, form, file, input };

  kind kind_ = kind::none;
  const url_options* options_;
  std::string path_;
  std::uint64_t skip_ = 0;
  std::optional<std::uint64_t> length_;
  std::unique_ptr<http::multipart_form> form_;
  bool used_ = false;
};

/// The parts of -F. Throws: get_error (26), io_error.
std::unique_ptr<http::multipart_form> form_of(const url_options& options);

}  // namespace braid::get
