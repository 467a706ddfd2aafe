# convlens_embed(TARGET FILES NAME PATH [NAME PATH]... [TABLES TABLE...])
#
# Compiles the bytes of files into the static library TARGET and generates its header TARGET.h:
#   a NAME            becomes   std::string_view convlens::assets::NAME()
#   a NAME TABLE/KEY  becomes   an entry of   std::string_view convlens::assets::TABLE(std::string_view key)
# which is empty for a key that it has not; convlens::assets::TABLE_keys() lists them. TABLES names tables to declare
# even while they have no entry. The bytes are read-only data that lives as long as the program.
function(convlens_embed target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FILES;TABLES")
    set(tables ${arg_TABLES})
    set(number 0)
    while(arg_FILES)
        list(POP_FRONT arg_FILES name path)
        list(APPEND paths ${path})
        set(symbol ${target}_${number})
        math(EXPR number "${number} + 1")
        string(APPEND bytes ".global ${symbol}, ${symbol}_end\n.balign 16\n"
               "${symbol}: .incbin \"${path}\"\n${symbol}_end: .byte 0\n")
        string(APPEND externs "extern \"C\" const char ${symbol}[], ${symbol}_end[];\n")
        set(view "{${symbol}, ${symbol}_end}")
        if(name MATCHES "^([^/]+)/(.+)$")
            list(APPEND tables ${CMAKE_MATCH_1})
            string(APPEND entries_${CMAKE_MATCH_1} "    {\"${CMAKE_MATCH_2}\", ${view}},\n")
        else()
            string(APPEND declarations "std::string_view ${name}();\n")
            string(APPEND definitions "std::string_view ${name}() { return ${view}; }\n")
        endif()
    endwhile()
    list(REMOVE_DUPLICATES tables)
    foreach(table IN LISTS tables)
        string(APPEND declarations "std::string_view ${table}(std::string_view key);\n"
               "std::vector<std::string_view> ${table}_keys();\n")
        string(APPEND definitions
               "static const std::map<std::string_view, std::string_view> ${table}_entries = {\n${entries_${table}}};\n"
               "std::string_view ${table}(std::string_view key) { return find(${table}_entries, key); }\n"
               "std::vector<std::string_view> ${table}_keys() { return keys(${table}_entries); }\n")
    endforeach()

    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target})
    file(CONFIGURE OUTPUT ${out}.S CONTENT ".section .rodata\n${bytes}.section .note.GNU-stack\n" @ONLY)
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed.h.in ${out}.h @ONLY)
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed.cpp.in ${out}.cpp @ONLY)
    set_source_files_properties(${out}.S PROPERTIES OBJECT_DEPENDS "${paths}")
    add_library(${target} STATIC ${out}.cpp ${out}.S)
    target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
