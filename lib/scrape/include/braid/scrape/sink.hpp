#pragma once

#include <braid/scrape/output_file.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace braid::scrape {

/// Where records end: one writer, batches of text, each record whole or not there at all.
///
/// A process that is killed leaves at most one unfinished record at the end; the next open() repairs that.
///
/// Throws: io_error when the disk is full, the reader of a pipe is gone, and so on. What was written before stays.
/// Threads: one at a time.
class sink {
 public:
  virtual ~sink() = default;

  /// Writes all of them with one system call where possible.
  virtual void write(std::span<const std::string> records) = 0;
  /// What has been written survives a power failure after this.
  virtual void sync() = 0;
  /// Writes what the format wants at its end, and syncs.
  virtual void finish() = 0;

  /// Up to here everything is whole: what a durable frontier's mark remembers and resume() takes.
  virtual std::uint64_t position() const = 0;
  /// Drops what came after `position`. For resuming; before the first write.
  virtual void resume(std::uint64_t position) = 0;
  /// True when the file could keep a position at all.
  virtual bool can_resume() const = 0;
  /// Bytes of an unfinished record that open() removed.
  virtual std::uint64_t repaired() const = 0;
};

/// One record a line: JSONL, and CSV with its first line as `header`. Records are appended to what is there; throws
/// io_error, and leaves the file alone, if that is something else.
std::unique_ptr<sink> open_lines(output_file file, std::string header = {});

/// A JSON array with one element a line. Appends to an array that this function wrote, finished or not; throws
/// io_error for any other file that is not empty.
std::unique_ptr<sink> open_json_array(output_file file);

}  // namespace braid::scrape
