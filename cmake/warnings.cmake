# Warnings as errors, on our own targets only and only where a preset asks for them: users never inherit them.
function(braid_warnings target)
  if(BRAID_WARNINGS)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                                             -Wno-missing-field-initializers -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # g++ does not model Asio's fences under TSan and says so in every file.
      target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-tsan>)
      # Two that g++ 12 gets wrong under sanitizers: Asio's coroutine frames have a matching operator new that it does
      # not see, and an empty optional needs no initialised value.
      target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-mismatched-new-delete>
                                               $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
    endif()
  endif()
endfunction()
