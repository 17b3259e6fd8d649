#pragma once
#include <cmark-gfm.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm-core-extensions.h>

// The macro is an expression that Swift does not import.
static inline int hector_cmark_is_block(cmark_node_type type) {
    return ((int)type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK;
}
