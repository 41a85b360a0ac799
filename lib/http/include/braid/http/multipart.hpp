#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <braid/http/request.hpp>

namespace braid::http {

/// A form with files (RFC 7578), whose files are read while they are sent.
///
///     http::multipart_form form;
///     form.field("name", "Ada").file("picture", "ada.png");
///     auto response = co_await client.send(http::request("POST", url).stream(form.source(), form.length(),
///                                                                            form.content_type()));
///
/// A value: sources that it gave go on without it. Names and file names are written as browsers do: '"' as %22, line
/// ends as %0D and %0A.
class multipart_form {
 public:
  struct part {
    part() = default;

    std::string name;                      ///< may be empty for a part without a name
    std::optional<std::string> file_name;  ///< as the receiver is told
    std::string type;                      ///< Content-Type; empty for none
    std::vector<std::string> headers;      ///< more lines, "Name: value"
    std::string text;                      ///< the content, unless it is of a file
    std::string path;                      ///< of the file
    /// Instead of a content: several files under one name, as a multipart/mixed. They have no parts of their own.
    std::vector<part> files;
  };

  /// With a boundary of random letters and digits.
  multipart_form();
  /// Throws: invalid_argument for a boundary that RFC 2046, 5.1.1 does not allow.
  explicit multipart_form(std::string boundary);

  multipart_form& field(std::string_view name, std::string_view value);
  /// `type` by the file name's ending, unless it is given. Throws: io_error for a file that cannot be read.
  multipart_form& file(std::string_view name, const std::string& path, std::string_view type = {});
  /// Throws: io_error; invalid_argument for a line end in a header, a type or a path's part.
  multipart_form& add(part one);

  /// Names with '"' and '\' behind backslashes, as before HTML 5.
  multipart_form& escape_with_backslash(bool on);
  /// What parts say they are: "form-data" unless the body is sent as something else. Throws: invalid_argument for what
  /// is no token.
  multipart_form& disposition(std::string word);

  const std::string& boundary() const noexcept { return boundary_; }
  /// "multipart/form-data; boundary=..."
  std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }
  /// Of the whole body, in bytes, as the files are now.
  std::uint64_t length() const;
  /// A body for request::stream(). It throws io_error where a file has become shorter or cannot be read.
  request::body_source source() const;

 private:
  struct segment {
    std::string text;
    std::string path;
    std::uint64_t size = 0;  // of the file
  };
  class reader;

  struct entry {
    part what;
    std::string boundary;  // of its files
  };

  void check(const part& one) const;
  void append(std::vector<segment>& to, const part& one) const;
  std::vector<segment> segments() const;
  std::string head_of(const part& one, std::string_view disposition) const;
  std::string quoted(std::string_view text) const;

  std::string boundary_;
  bool backslash_ = false;
  std::string disposition_ = "form-data";
  std::vector<entry> parts_;
};

/// The media type for a file's ending; "application/octet-stream" for others.
std::string_view media_type_of(std::string_view file_name) noexcept;

}  // namespace braid::http
