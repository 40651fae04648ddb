from smgen.documents.document import (
    Document as Document,
    parse_document as parse_document,
    read_document as read_document,
)
from smgen.documents.document_limits import (
    CONTRACT_LIMITS as CONTRACT_LIMITS,
    DEFINITION_LIMITS as DEFINITION_LIMITS,
    Limits as Limits,
)
from smgen.documents.file_names import (
    device_name as device_name,
    file_name_findings as file_name_findings,
    folded as folded,
)
from smgen.documents.inside import documents_in as documents_in, resolve_inside as resolve_inside
from smgen.documents.json_values import (
    HALF_CHARACTER as HALF_CHARACTER,
    JsonObject as JsonObject,
    JsonReadable as JsonReadable,
    JsonValue as JsonValue,
    canonical_json as canonical_json,
    compact_json as compact_json,
    content_hash as content_hash,
    pretty_json as pretty_json,
    whole_text as whole_text,
)
from smgen.documents.members import (
    at_pointer as at_pointer,
    children as children,
    is_container as is_container,
    is_there as is_there,
    json_at as json_at,
    list_at as list_at,
    object_at as object_at,
    objects_at as objects_at,
    replace_at as replace_at,
    text_at as text_at,
    walk as walk,
    with_plain as with_plain,
)
from smgen.documents.pointers import (
    Trail as Trail,
    append_pointer as append_pointer,
    longer_trail as longer_trail,
    pointer as pointer,
    split_pointer as split_pointer,
    trail_parts as trail_parts,
    trail_pointer as trail_pointer,
    upwards as upwards,
)
from smgen.documents.publish import (
    Publication as Publication,
    finish_publication as finish_publication,
    provisional_files as provisional_files,
    publish_files as publish_files,
    publish_tree as publish_tree,
    removable_files as removable_files,
)
from smgen.documents.regular import read_regular as read_regular
from smgen.documents.scanner import MAX_FINDINGS as MAX_FINDINGS
from smgen.documents.shown import shown_json as shown_json, shown_path as shown_path
from smgen.documents.tree import (
    TreeChange as TreeChange,
    compare_tree as compare_tree,
    files_in_tree as files_in_tree,
    read_tree as read_tree,
)
from smgen.documents.working_folders import working_folder as working_folder
