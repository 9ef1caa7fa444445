"""Each function of templates: Microsoft's documented examples, values that Microsoft's own engine gave, and edges.

The examples are those of https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions and of
https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions; values marked "engine" are those of the
tests of https://github.com/Azure/bicep (`EvaluationTests.cs`, `SnapshotCommandTests.cs`, the baseline
`baselines_bicepparam/Expressions`), which ask the engine that deploys. `$x` stands for `lambdaVariables('x')`.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from template_scope import NO_GROUP, NO_SUBSCRIPTION, SUBSCRIPTION, FakeScope, valued

from diagramgen.read.template.expressions import Target, TemplateProblem
from diagramgen.read.template.expressions.functions import FUNCTIONS
from diagramgen.read.template.values import Unknown, plain

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-net"

PARAMETERS: dict[str, Any] = {
    "abc": ["a", "b", "c"],
    "object": {"one": "a", "two": "b", "three": "c"},
    "second": {"one": "a", "two": "z", "three": "c"},
    "numbers": ["one", "two", "three"],
    "merged": {"property": {"one": "a", "two": "b", "three": "c1"}, "nestedArray": [1, 2]},
    "over": {"property": {"three": "c2", "four": "d", "five": "e"}, "nestedArray": [3, 4]},
    "dogs": [
        {"name": "Evie", "age": 5, "interests": ["Ball", "Frisbee"]},
        {"name": "Casper", "age": 3, "interests": ["Other dogs"]},
        {"name": "Indy", "age": 2, "interests": ["Butter"]},
        {"name": "Kira", "age": 8, "interests": ["Rubs"]},
    ],
    "types": [{"type": "a", "value": 123}, {"type": "b", "value": 456}, {"type": "a", "value": 789}],
    "cased": {key: key for key in ("ghiKey", "defKey", "abcKey", "123Key", "GHIKey", "ABCKey", "456Key")},
    "entities": {"item002": {"enabled": False}, "item001": {"enabled": True}},
    "nothing": None,
    "half": 0.5,
    "group": "/subscriptions/12345678-1234-1234-1234-123456789012/resourceGroups/my-rg",
}

DOCUMENTED: dict[str, list[tuple[str, Any]]] = {
    "add": [("add(5, 3)", 8), ("add(1, -3)", -2)],
    "and": [("and(true(), false())", False), ("and(true(), true(), bool('TRUE'))", True)],
    "any": [("any('foo')", "foo")],
    "array": [("array(1)", [1]), ("array('efgh')", ["efgh"]), ("array(parameters('abc'))", ["a", "b", "c"])],
    "base64": [
        ("base64('one, two, three')", "b25lLCB0d28sIHRocmVl"),
        ("base64(string(createObject()))", "e30="),
    ],
    "base64tojson": [('base64ToJson(base64(\'{"one": "a"}\'))', {"one": "a"})],
    "base64tostring": [("base64ToString('b25lLCB0d28sIHRocmVl')", "one, two, three")],
    "bool": [("bool('true')", True), ("bool('false')", False), ("bool(1)", True), ("bool(0)", False)],
    "cidrhost": [
        (
            "map(range(0, 2), lambda('i', cidrHost('10.144.3.0/24', $i)))",
            ["10.144.3.1", "10.144.3.2"],
        ),
        ("cidrHost('fdad:3236:5555:3000::/52', 4)", "fdad:3236:5555:3000::5"),
    ],
    "cidrsubnet": [
        ("cidrSubnet('10.144.0.0/20', 24, 4)", "10.144.4.0/24"),
        ("cidrSubnet('fdad:3236:5555::/48', 52, 2)", "fdad:3236:5555:2000::/52"),
        ("cidrSubnet('10.144.3.7/20', 20, 0)", "10.144.0.0/20"),
    ],
    "coalesce": [
        ("coalesce(null(), null(), 1, 2)", 1),
        ("coalesce(parameters('nothing'), 'fallback')", "fallback"),
        ("coalesce(null())", None),
        ("coalesce('a', fail('not evaluated'))", "a"),
    ],
    "concat": [
        ("concat('prefix', '-', 3, true())", "prefix-3True"),
        ("concat(parameters('abc'), createArray('d'))", ["a", "b", "c", "d"]),
        ("concat('only')", "only"),
    ],
    "contains": [
        ("contains('OneTwoThree', 'e')", True),
        ("contains('OneTwoThree', 'z')", False),
        ("contains('OneTwoThree', 'one')", False),
        ("contains(parameters('object'), 'ONE')", True),
        ("contains(parameters('object'), 'a')", False),
        ("contains(parameters('numbers'), 'three')", True),
        ("contains(parameters('numbers'), 'Three')", False),
        ("contains(createArray(1), '1')", False),
    ],
    "copyindex": [("copyIndex()", 0), ("copyIndex(5)", 5)],
    "createarray": [("createArray(1, 'a', createArray())", [1, "a", []]), ("createArray()", [])],
    "createobject": [
        ("createObject('a', 1, 'b', createArray(2))", {"a": 1, "b": [2]}),
        ("createObject()", {}),
    ],
    "datauri": [("dataUri('Hello')", "data:text/plain;charset=utf8;base64,SGVsbG8=")],
    "datauritostring": [
        ("dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", "Hello, World!"),
        ("dataUriToString(dataUri('abc'))", "abc"),  # engine
        ("dataUriToString('data:,a%20b')", "a b"),
    ],
    "datetimeadd": [
        ("dateTimeAdd(dateTimeFromEpoch(1680224438), 'P1D')", "2023-04-01T01:00:38Z"),  # engine
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y', 'u')", "2023-04-07 14:53:14Z"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', '-P9D', 'yyyy-MM-dd')", "2020-03-29"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'PT1H', 'M/d/yyyy h:mm:ss tt')", "4/7/2020 3:53:14 PM"),
    ],
    "datetimefromepoch": [("dateTimeFromEpoch(1683040573)", "2023-05-02T15:16:13Z")],
    "datetimetoepoch": [
        ("dateTimeToEpoch('2023-05-02T15:16:13Z')", 1683040573),
        ("dateTimeToEpoch(dateTimeFromEpoch(1680224438))", 1680224438),  # engine
    ],
    "deployment": [("deployment().name", "main")],
    "distinct": [("distinct(createArray(1, 'a', 1, '1', 'a', true()))", [1, "a", "1", True])],
    "div": [("div(8, 3)", 2), ("div(-7, 2)", -3), ("div(6, 11)", 0)],
    "empty": [
        ("empty('')", True),
        ("empty(createArray())", True),
        ("empty(createObject())", True),
        ("empty(null())", True),
        ("empty('a')", False),
    ],
    "endswith": [
        ("endsWith('abcdef', 'ef')", True),
        ("endsWith('abcdef', 'F')", True),
        ("endsWith('abcdef', 'e')", False),
    ],
    "environment": [("environment().name", "AzureCloud")],
    "equals": [
        ("equals(1, 1)", True),
        ("equals('a', 'A')", False),
        ("equals(createArray('a', 'b'), createArray('a', 'b'))", True),
        ("equals(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 1))", True),
        ("equals(1, '1')", False),
        ("equals(1, true())", False),
        ("equals(null(), '')", False),
    ],
    "extensionresourceid": [
        (
            "extensionResourceId(resourceGroup().id, 'Microsoft.Authorization/locks', 'lock')",
            f"{GROUP}/providers/Microsoft.Authorization/locks/lock",
        ),
    ],
    "false": [("false()", False)],
    "filter": [
        (
            "map(filter(parameters('dogs'), lambda('dog', greaterOrEquals($dog.age, 5))), lambda('dog', $dog.name))",
            ["Evie", "Kira"],
        ),
        ("filter(range(0, 10), lambda('i', equals(0, mod($i, 2))))", [0, 2, 4, 6, 8]),
        (
            "filter(parameters('abc'), lambda('x', 'i', equals(mod($i, 2), 0)))",
            ["a", "c"],
        ),  # engine
    ],
    "first": [
        ("first(parameters('abc'))", "a"),
        ("first('One Two Three')", "O"),
        ("first('')", ""),
        ("first(createArray())", None),
    ],
    "flatten": [
        ("flatten(createArray(createArray(1, createArray(2)), createArray(), createArray(3)))", [1, [2], 3])
    ],
    "float": [("float('3.5')", 3.5), ("float(2)", 2.0)],
    "format": [
        (
            "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
            "Hello, User. Formatted number: 8,175,133",
        ),
        ("format('>{0}<>{1}<>{2}<', false(), 12948, 'hello!')", ">False<>12948<>hello!<"),  # engine
        ("format('{0}', createObject('a', 'b', '!c', 2))", "{'a':'b','!c':2}"),  # engine
        ("format('{0}', createArray(true(), 2893, 'abc'))", "[true,2893,'abc']"),  # engine
        ("format('{{{0}}}', 'x')", "{x}"),
        ("format('{0,5}|{0,-5}|{1:D2}|{1:X}|{1:x4}|{1:000}', 'ab', 10)", "   ab|ab   |10|A|000a|010"),
        ("format('{1:#,##0.00} {1:F1} {0:D3}', 'text', -1234)", "-1,234.00 -1234.0 text"),
        ("format('no place')", "no place"),
        ("format('{0}', null())", ""),
    ],
    "greater": [("greater(1, 2)", False), ("greater('A', 'a')", True)],
    "greaterorequals": [
        ("greaterOrEquals(1, 2)", False),
        ("greaterOrEquals('A', 'a')", True),
        ("greaterOrEquals(2, 2)", True),
    ],
    "groupby": [
        (
            "groupBy(parameters('types'), lambda('x', $x.type), lambda('x', $x.value))",
            {"a": [123, 789], "b": [456]},
        ),  # engine
    ],
    "guid": [("guid('asdf')", "228d27cc-6fdb-5934-b7ac-1efccebade04")],  # engine
    "if": [
        ("if(equals('a', 'a'), 'yes', fail('not evaluated'))", "yes"),
        ("if(false(), 1, json('null'))", None),
    ],
    "indexfromend": [
        ("indexFromEnd(parameters('abc'), 1)", "c"),
        ("indexFromEnd(parameters('abc'), 3)", "a"),
    ],
    "indexof": [
        ("indexOf('test', 't')", 0),
        ("indexOf('abcdef', 'CD')", 2),
        ("indexOf('abcdef', 'z')", -1),
        ("indexOf(createArray('FOO', 'BAR'), 'BAR')", 1),  # engine
        ("indexOf(createArray('FOO', 'BAR'), 'bar')", -1),  # engine
        ("indexOf('abc', '')", 0),
    ],
    "int": [("int('4')", 4), ("int(-3)", -3), ("int(' +12 ')", 12)],
    "intersection": [
        ("intersection(parameters('object'), parameters('second'))", {"one": "a", "three": "c"}),
        ("intersection(parameters('numbers'), createArray('two', 'three'))", ["two", "three"]),
        ("intersection(range(1, 3), range(2, 3), range(3, 3))", [3]),
    ],
    "items": [
        ("map(items(parameters('entities')), lambda('e', $e.key))", ["item001", "item002"]),
        (
            "map(items(parameters('cased')), lambda('e', $e.key))",  # engine
            ["123Key", "456Key", "abcKey", "ABCKey", "defKey", "ghiKey", "GHIKey"],
        ),
        (
            "items(createObject('foo', 'abc', 'bar', 123))",
            [{"key": "bar", "value": 123}, {"key": "foo", "value": "abc"}],
        ),
    ],
    "join": [
        ("join(createArray('I', 'love', 'Bicep'), ' ')", "I love Bicep"),
        ("join(createArray(), ',')", ""),
        ("join(createArray(1, true()), ',')", "1,True"),
    ],
    "json": [
        ('json(\'{"a": "b"}\')', {"a": "b"}),
        ("json('null')", None),
        ("json('[1,2,3]')", [1, 2, 3]),
        ("json('\"test\"')", "test"),
        ("json('true')", True),
        ("json('3')", 3),
        ("json('0.5')", 0.5),
        ("json(concat('{\"a\": \"', 'demo value', '\"}'))", {"a": "demo value"}),
        ("json('{a: ''it\\''s'', /* comment */ b: [1,],}')", {"a": "it's", "b": [1]}),
    ],
    "last": [
        ("last(parameters('numbers'))", "three"),
        ("last('One Two Three')", "e"),
        ("last('')", ""),
        ("last(createArray())", None),
    ],
    "lastindexof": [
        ("lastIndexOf('test', 't')", 3),
        ("lastIndexOf('abcdef', 'AB')", 0),
        ("lastIndexOf('abcba', 'b')", 3),
        ("lastIndexOf(createArray(1, 2, 1), 1)", 2),
    ],
    "length": [
        ("length(parameters('abc'))", 3),
        ("length('One Two Three')", 13),
        ("length(parameters('object'))", 3),
    ],
    "less": [("less(1, 2)", True), ("less('A', 'a')", False)],
    "lessorequals": [
        ("lessOrEquals(1, 2)", True),
        ("lessOrEquals('A', 'a')", False),
        ("lessOrEquals('a', 'a')", True),
    ],
    "like": [
        ("like('vnet-hub', 'VNET-*')", True),
        ("like('vnet-hub', '*-spoke')", False),
        ("like('abcabc', 'a*bc*c')", True),
        ("like('ab', 'ab*b')", False),
    ],
    "managementgroup": [("managementGroup().name", None)],
    "managementgroupresourceid": [
        (
            "managementGroupResourceId('mg-root', 'Microsoft.Authorization/policyDefinitions', 'locations')",
            "/providers/Microsoft.Management/managementGroups/mg-root/providers/Microsoft.Authorization/policyDefinitions/locations",
        ),
    ],
    "map": [
        (
            "map(parameters('dogs'), lambda('dog', $dog.name))",
            ["Evie", "Casper", "Indy", "Kira"],
        ),
        (
            "map(parameters('dogs'), lambda('dog', format('Hello {0}!', $dog.name)))[3]",
            "Hello Kira!",
        ),
        (
            "map(parameters('abc'), lambda('x', 'i', format('{0}{1}', $X, $i)))",
            ["a0", "b1", "c2"],
        ),
        (
            "map(range(0, 2), lambda('i', map(range(0, 2), lambda('j', add($i, $j)))))",
            [[0, 1], [1, 2]],
        ),
    ],
    "mapvalues": [
        (
            "mapValues(createObject('a', 123, 'b', 456), lambda('v', mul($v, 2)))",
            {"a": 246, "b": 912},
        )
    ],  # engine
    "max": [("max(createArray(0, 3, 2, 5, 4))", 5), ("max(0, 3, 2, 5, 4)", 5)],
    "min": [("min(createArray(0, 3, 2, 5, 4))", 0), ("min(0, 3, 2, 5, 4)", 0)],
    "mod": [("mod(7, 3)", 1), ("mod(-7, 3)", -1)],
    "mul": [("mul(5, 3)", 15)],
    "nameof": [("nameof('vnet')", "vnet")],
    "not": [("not(true())", False), ("not(equals(1, 2))", True)],
    "null": [("null()", None), ("empty(null())", True)],
    "objectkeys": [("objectKeys(createObject('b', 1, 'a', 2))", ["a", "b"])],
    "or": [
        ("or(true(), false())", True),
        ("or(false(), false())", False),
        ("or(true(), fail('not evaluated'))", True),
    ],
    "padleft": [
        ("padLeft('123', 10, '0')", "0000000123"),
        ("padLeft(13, 5)", "   13"),
        ("padLeft('abc', 2)", "abc"),
    ],
    "parameters": [("parameters('ABC')[0]", "a")],
    "parsecidr": [
        (
            "parseCidr('10.144.0.0/20')",
            {
                "network": "10.144.0.0",
                "netmask": "255.255.240.0",
                "broadcast": "10.144.15.255",
                "firstUsable": "10.144.0.1",
                "lastUsable": "10.144.15.254",
                "cidr": 20,
            },
        ),
        (
            "parseCidr('fdad:3236:5555::/48')",
            {
                "network": "fdad:3236:5555::",
                "netmask": "ffff:ffff:ffff::",
                "firstUsable": "fdad:3236:5555::",
                "lastUsable": "fdad:3236:5555:ffff:ffff:ffff:ffff:ffff",
                "cidr": 48,
            },
        ),
    ],
    "range": [("range(5, 3)", [5, 6, 7]), ("range(0, 0)", []), ("range(-1, 2)", [-1, 0])],
    "reduce": [
        (
            "reduce(map(parameters('dogs'), lambda('dog', $dog.age)), 1, lambda('cur', 'next', add($cur, $next)))",
            19,
        ),
        (
            "reduce(createArray(createObject('foo', 123), createObject('bar', 456)), createObject(),"
            " lambda('a', 'b', union($a, $b)))",
            {"foo": 123, "bar": 456},
        ),
        (
            "reduce(createArray('abc', 'def', 'ghi'), '',"
            " lambda('c', 'n', 'i', if(equals(mod($i, 2), 0), concat($c, $n), $c)))",
            "abcghi",
        ),  # engine
        ("reduce(createArray(), 0, lambda('a', 'b', $b))", 0),
    ],
    "replace": [
        ("replace('123-123-1234', '-', '')", "1231231234"),
        ("replace('123-123-1234', '1234', 'xxxx')", "123-123-xxxx"),
        ("replace('aA', 'a', 'b')", "bA"),
    ],
    "resourcegroup": [("resourceGroup().name", "rg-net")],
    "resourceid": [
        (
            "resourceId('Microsoft.Storage/storageAccounts', 'x')",
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/x",
        ),
        (
            "resourceId('otherGroup', 'Microsoft.Storage/storageAccounts', 'x')",
            f"/subscriptions/{SUBSCRIPTION}/resourceGroups/otherGroup/providers/Microsoft.Storage/storageAccounts/x",
        ),
        (
            "resourceId('sub', 'otherGroup', 'Microsoft.Storage/storageAccounts', 'x')",
            "/subscriptions/sub/resourceGroups/otherGroup/providers/Microsoft.Storage/storageAccounts/x",
        ),
        (
            "resourceId('Microsoft.SQL/servers/databases', 'serverName', 'databaseName')",
            f"{GROUP}/providers/Microsoft.SQL/servers/serverName/databases/databaseName",
        ),
    ],
    "shallowmerge": [
        (
            "shallowMerge(createArray(createObject('a', 123), createObject('b', 456)))",
            {"a": 123, "b": 456},
        ),  # engine
        ("shallowMerge(createArray(createObject('ABC', 0), createObject('aBC', 1)))", {"ABC": 1}),  # engine
        (
            "shallowMerge(createArray(createObject('foo', 'bar'), createObject('foo', null())))",
            {"foo": None},
        ),  # engine
        (
            "shallowMerge(createArray(createObject('n', parameters('object')), createObject('n', createObject())))",
            {"n": {}},
        ),
    ],
    "skip": [
        ("skip(parameters('numbers'), 2)", ["three"]),
        ("skip('one two three', 4)", "two three"),
        ("skip('abc', 9)", ""),
        ("skip('abc', -1)", "abc"),
    ],
    "sort": [
        (
            "map(sort(parameters('dogs'), lambda('a', 'b', less($a.age, $b.age))), lambda('d', $d.age))",
            [2, 3, 5, 8],
        ),
        (
            "sort(createArray(8, 3, 10, -13, 5), lambda('x', 'y', less($x, $y)))",
            [-13, 3, 5, 8, 10],
        ),  # engine
        (
            "sort(createArray('ghi', 'abc', 'def'), lambda('x', 'y', greater($x, $y)))",
            ["ghi", "def", "abc"],
        ),  # engine
    ],
    "split": [
        ("split('one,two,three', ',')", ["one", "two", "three"]),
        ("split('one;two,three', createArray(',', ';'))", ["one", "two", "three"]),
        ("split('', ',')", [""]),
        ("split('a--b', '--')", ["a", "b"]),
    ],
    "startswith": [
        ("startsWith('abcdef', 'ab')", True),
        ("startsWith('abcdef', 'A')", True),
        ("startsWith('abcdef', 'e')", False),
        ("startsWith('a', '')", True),
    ],
    "string": [
        (
            "string(createObject('valueA', 10, 'valueB', 'Example Text'))",
            '{"valueA":10,"valueB":"Example Text"}',
        ),
        ("string(parameters('abc'))", '["a","b","c"]'),
        ("string(5)", "5"),
        ("string(createObject())", "{}"),  # engine
        ("string(true())", "True"),
    ],
    "sub": [("sub(7, 3)", 4), ("sub(3, 7)", -4)],
    "subscription": [("subscription().subscriptionId", SUBSCRIPTION)],
    "subscriptionresourceid": [
        (
            "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')",
            f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/r",
        ),
        (
            "subscriptionResourceId('other', 'Microsoft.Authorization/roleDefinitions', 'r')",
            "/subscriptions/other/providers/Microsoft.Authorization/roleDefinitions/r",
        ),
        (
            "subscriptionResourceId('Microsoft.Resources/resourceGroups', 'rg')",
            f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg",
        ),
    ],
    "substring": [
        ("substring('one two three', 4, 3)", "two"),
        ("substring('asdfasf', 3)", "fasf"),
        ("substring('abc', 3, 0)", ""),
    ],
    "take": [
        ("take(parameters('numbers'), 2)", ["one", "two"]),
        ("take('one two three', 2)", "on"),
        ("take('abc', 9)", "abc"),
        ("take('abc', -1)", ""),
    ],
    "tenantresourceid": [
        (
            "tenantResourceId('Microsoft.Management/managementGroups', 'mg')",
            "/providers/Microsoft.Management/managementGroups/mg",
        ),
        ("tenantResourceId('Microsoft.Resources/subscriptions', 'sub')", "/subscriptions/sub"),
    ],
    "tolower": [("toLower('One Two Three')", "one two three"), ("toLower('AiKInIniIN')", "aikininiin")],
    "toobject": [
        (
            "toObject(createArray('a', 'b'), lambda('x', $x), lambda('x', format('Hi {0}!', $x)))",
            {"a": "Hi a!", "b": "Hi b!"},
        ),  # engine
        (
            "objectKeys(toObject(parameters('dogs'), lambda('entry', $entry.name)))",
            ["Casper", "Evie", "Indy", "Kira"],
        ),
    ],
    "toupper": [("toUpper('One Two Three')", "ONE TWO THREE")],
    "trim": [("trim('    one two three   ')", "one two three")],
    "true": [("true()", True)],
    "tryget": [
        ("tryGet(parameters('object'), 'one')", "a"),
        ("tryGet(parameters('object'), 'four')", None),
        ("tryGet(parameters('dogs'), 3, 'name')", "Kira"),
        ("tryGet(parameters('dogs'), 4, 'name')", None),
        ("tryGet(null(), 'x')", None),
    ],
    "tryindexfromend": [
        ("tryIndexFromEnd(parameters('abc'), 1)", "c"),
        ("tryIndexFromEnd(parameters('abc'), 4)", None),
        ("tryIndexFromEnd(parameters('dogs'), 1, 'name')", "Kira"),
    ],
    "union": [
        (
            "union(parameters('object'), createObject('three', 'c2', 'four', 'd'))",
            {"one": "a", "two": "b", "three": "c2", "four": "d"},
        ),
        ("union(parameters('numbers'), createArray('three', 'four'))", ["one", "two", "three", "four"]),
        (
            "union(parameters('merged'), parameters('over'))",
            {
                "property": {"one": "a", "two": "b", "three": "c2", "four": "d", "five": "e"},
                "nestedArray": [3, 4],
            },
        ),
        (
            "union(createArray(parameters('abc')), createArray(createArray('z'), parameters('abc')))",
            [["a", "b", "c"], ["z"]],
        ),
    ],
    "uniquestring": [
        ("uniqueString('asd', 'asdf', 'asdf')", "iizpqit7ih3cc"),  # engine
        (
            "uniqueString('/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/myRg')",
            "js26ofeqkqeve",
        ),  # engine
        (
            "uniqueString('/subscriptions/00000000-0000-0000-0000-000000000000', 'resource-id')",
            "cwvxuqg24sifi",
        ),  # azapi
        (
            "uniqueString(parameters('group'), 'Microsoft.Storage/storageAccounts')",
            "z22rah77jfqry",
        ),  # azapi
    ],
    "uri": [
        ("uri('http://contoso.org/firstpath', 'myscript.sh')", "http://contoso.org/myscript.sh"),
        ("uri('http://contoso.org/firstpath/', 'myscript.sh')", "http://contoso.org/firstpath/myscript.sh"),
        (
            "uri('http://contoso.org/firstpath/azuredeploy.json', 'myscript.sh')",
            "http://contoso.org/firstpath/myscript.sh",
        ),
        (
            "uri('http://contoso.org/firstpath/azuredeploy.json/', 'myscript.sh')",
            "http://contoso.org/firstpath/azuredeploy.json/myscript.sh",
        ),
        ("uri('https://github.com', 'Azure/bicep')", "https://github.com/Azure/bicep"),  # engine
    ],
    "uricomponent": [
        (
            "uriComponent('http://contoso.com/resources/nested/azuredeploy.json')",
            "http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json",
        ),
        ("uriComponent('UB*8h 0+=_)9h9n')", "UB%2A8h%200%2B%3D_%299h9n"),  # engine
    ],
    "uricomponenttostring": [
        ("uriComponentToString('http%3A%2F%2Fcontoso.com')", "http://contoso.com"),
        ("uriComponentToString('%20%25%20')", " % "),
    ],
    "variables": [("variables('Prefix')", "v-x")],
}

ONLY_AZURE_KNOWS = {
    "builduri": "buildUri(createObject('scheme', 'https'))",
    "deployer": "deployer().objectId",
    "externalinput": "externalInput('sys.cli', 'x')",
    "externalinputs": "externalInputs('x_0')",
    "getsecret": "getSecret('s', 'g', 'v', 'n')",
    "newguid": "newGuid()",
    "parseuri": "parseUri('https://contoso.com')",
    "pickzones": "pickZones('Microsoft.Compute', 'virtualMachines', 'westus2')",
    "providers": "providers('Microsoft.Storage', 'storageAccounts').apiVersions[0]",
    "reference": "reference('vnet').subnets[0].id",
    "references": "references('vnets', 'full')",
    "resourceinfo": "resourceInfo('vnet').id",
    "roledefinitions": "roleDefinitions('Contributor').id",
    "target": "target('full')",
    "tenant": "tenant().tenantId",
    "tologicalzone": "toLogicalZone(subscription().subscriptionId, 'westeurope', 'westeurope-az1')",
    "tologicalzones": "toLogicalZones(subscription().subscriptionId, 'westeurope', createArray('westeurope-az1'))",
    "tophysicalzone": "toPhysicalZone(subscription().subscriptionId, 'westeurope', '1')",
    "tophysicalzones": "toPhysicalZones(subscription().subscriptionId, 'westeurope', createArray('1'))",
    "utcnow": "utcNow('d')",
    "listkeys": "listKeys(resourceId('Microsoft.Storage/storageAccounts', 'stlogs'), '2023-01-01').keys[0].value",
    "listadminkeys": "listAdminKeys('search', '2023-01-01').primaryKey",
}


def scope() -> FakeScope:
    return FakeScope(PARAMETERS, {"prefix": "[concat('v', '-x')]"})


@pytest.mark.parametrize(
    ("expression", "expected"), [example for examples in DOCUMENTED.values() for example in examples]
)
def test_a_documented_example_gives_what_is_documented(expression: str, expected: Any) -> None:
    found = valued(re.sub(r"\$(\w+)", r"lambdaVariables('\1')", expression), scope())
    assert found == expected
    assert repr(found) == repr(expected)  # True is not 1


def test_every_function_has_an_example() -> None:
    stops = {"fail"}
    assert set(FUNCTIONS) == set(DOCUMENTED) | set(ONLY_AZURE_KNOWS) - {"listkeys", "listadminkeys"} | stops


@pytest.mark.parametrize("expression", ONLY_AZURE_KNOWS.values())
def test_what_only_azure_knows_is_unknown_and_says_why(expression: str) -> None:
    found = valued(expression, scope())
    assert isinstance(found, Unknown)
    assert found.text.startswith("{") and found.text.endswith("}") and len(found.text) < 60
    assert found.why


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_counts_its_arguments(name: str) -> None:
    row = FUNCTIONS[name]
    if row.most is not None:
        with pytest.raises(TemplateProblem, match=f"`{row.name}` takes .* arguments, not {row.most + 1}"):
            valued(f"{name}({', '.join(['null()'] * (row.most + 1))})")
    if row.least:
        with pytest.raises(TemplateProblem, match=f"`{row.name}` takes .* arguments, not {row.least - 1}"):
            valued(f"{name}({', '.join(['null()'] * (row.least - 1))})")


WRONG = {
    "int('x')": "`int` takes a whole number or its digits",
    "int('99999999999999999999')": "`int` takes a whole number or its digits",
    "add('1', 2)": "`add` takes a whole number as its first argument, not a text",
    "add(9223372036854775807, 1)": "more than 64 bits",
    "mul(99999999999999999999999, 1)": "larger than 64 bits",
    "div(1, 0)": "`div` divides by 0",
    "mod(1, 0)": "`mod` divides by 0",
    "range(0, 10001)": "`range` makes 0 to 10,000 numbers, not 10,001",
    "range(2147483647, 1)": "beyond 2,147,483,647",
    "substring('1234567890', 0, 11)": "beyond the end of the text, which has 10 characters",
    "substring('abc', 4)": "beyond the end",
    "substring('abc', -1, 1)": "0 or more",
    "json('{')": "`json` takes the text of a JSON value",
    "json('1e999')": "`json` takes the text of a JSON value",
    "json('\"\\ud800\"')": "`json` takes the text of a JSON value",
    "concat('a', createArray())": "`concat` joins texts or lists, not both",
    "concat('a', null())": "as its second argument, not null",
    "union(createArray(), createObject())": "`union` takes lists or objects, not both",
    "replace('a', '', 'b')": "`replace` cannot replace the empty text",
    "padLeft('a', 5, 'xy')": "a single character",
    "createObject('a')": "one lacks its value",
    "createObject(1, 2)": "takes a text as a name",
    "resourceId('Microsoft.Sql/servers/databases', 'one')": "a name for each segment of the type",
    "resourceId('Microsoft.Sql/servers', 'one', 'two')": "a name for each segment of the type",
    "resourceId('vnet', 'x')": "a type like `Microsoft.Network/virtualNetworks`",
    "first(1)": "`first` takes a text or a list as its first argument, not a whole number",
    "format('{1}', 'a')": "only 1 arguments",
    "format('{', 'a')": "a brace that is none",
    "format('{0,99999}', 'a')": "wider than",
    "cidrSubnet('10.0.0.0/24', 16, 0)": "cannot split a /24 into ranges of /16",
    "cidrSubnet('10.0.0.0/24', 26, 4)": "too few /26 for number 4",
    "cidrHost('10.0.0.0/30', 2)": "too few usable addresses",
    "parseCidr('10.0.0.0')": "an address range like",
    "base64ToString('*')": "base 64",
    "bool('yes')": "`bool` takes true, false or a number",
    "if('a', 1, 2)": "`if` takes true or false as its first argument, not a text",
    "and(true(), 1)": "`and` takes true or false as its second argument, not a whole number",
    "less(1, 'a')": "compares two numbers or two texts",
    "min('a')": "takes a whole number or a list",
    "max(createArray())": "a list of at least one",
    "indexFromEnd(createArray(1), 2)": "beyond the list, which has 1 elements",
    "flatten(createArray(1))": "a list of lists",
    "map(1, lambda('x', 1))": "`map` takes a list as its first argument",
    "map(createArray(1), 2)": "`map` takes a lambda as its second argument, not a whole number",
    "map(createArray(1), lambda('a', 'b', 'c', 1))": "a lambda with 3 variables stands where it gets 2 values",
    "filter(createArray(1), lambda('x', 1))": "gives int, not true or false",
    "createArray(lambda('x', 1))": "where no function takes one",
    "reduce(createArray(), lambda('x', 1), lambda('a', 'b', 1))": "not a lambda",
    "lambdaVariables('x')": "`lambdaVariables` takes the name of a variable",
    "map(createArray(1), lambda())": "`lambda` takes names",
    "dateTimeAdd('2020-01-01T00:00:00Z', '1 day')": "a duration like `P1D`",
    "dateTimeAdd('9999-12-31T00:00:00Z', 'P9999D')": "beyond the years",
    "dateTimeToEpoch('2020-99-01T00:00:00Z')": "takes a time",
    "copyIndex('a', 'b')": "a whole number as its second argument, not a text",
    "copyIndex(1, 2)": "the name of a loop, an offset, or both",
    "copyIndex('none')": "there is no loop `none`",
    "contoso.treble(1)": "no function `contoso.treble`",
    "fail('no gateway without a subnet')": "stops the deployment here: no gateway without a subnet",
    "parameters('object').four": "the object has no property `four`",
    "parameters('abc')[3]": "element 3 is taken of a list that has 3",
    "parameters('abc')[-1]": "element -1",
    "parameters('abc').x": "property `x` is taken of what has none",
    "parameters('nothing').x": "property `x` is taken of what has none",
    "tryGet('abc', 0)": "a name of an object or a number of a list",
}


@pytest.mark.parametrize(("expression", "message"), WRONG.items())
def test_what_azure_refuses_is_a_problem_in_words(expression: str, message: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        valued(expression, scope())
    assert message in caught.value.message
    assert caught.value.expression.startswith("[")


NOT_DOCUMENTED = [
    "union(parameters('object'), null())",
    "contains('a1', 1)",
    "bool('1')",
    "lastIndexOf('abc', '')",
    "int(parameters('half'))",
    "dateTimeAdd('2020-04-07 14:53:14Z', 'P1D')",
    "dateTimeAdd('2024-01-31T00:00:00Z', 'P1Y')",
    "format('{0:P}', 5)",
    "items(createObject('a_b', 1, 'ab', 2))",
    "less('a-b', 'aa')",
    "cidrHost('10.0.0.0/31', 0)",
    "guid(1)",
    "resourceId('Microsoft.Resources/resourceGroups', 'rg')",
    "toObject(createArray('a', 'A'), lambda('x', lambdaVariables('x')))",
    "split('a b', createArray())",
    "like('a', '?')",
    "aFunctionOfTomorrow(1)",
]


@pytest.mark.parametrize("expression", NOT_DOCUMENTED)
def test_what_no_documentation_tells_is_unknown(expression: str) -> None:
    found = valued(expression, scope())
    assert isinstance(found, Unknown)
    assert "not documented" in found.why or "no function that is known here" in found.why


def test_ids_follow_the_scope_of_the_deployment() -> None:
    storage = "resourceId('Microsoft.Storage/storageAccounts', 'x')"
    in_subscription = FakeScope(target=Target(SUBSCRIPTION))
    in_tenant = FakeScope(target=Target())
    in_group = FakeScope(target=Target(management_group="mg"))
    assert (
        valued(storage, in_subscription)
        == f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts/x"
    )
    assert valued(storage, in_tenant) == "/providers/Microsoft.Storage/storageAccounts/x"
    assert valued("resourceId('Microsoft.Resources/resourceGroups', 'rg')", in_subscription).endswith(
        "/resourceGroups/rg"
    )
    assert (
        valued("managementGroupResourceId('A.B/c', 'd')", in_group)
        == "/providers/Microsoft.Management/managementGroups/mg/providers/A.B/c/d"
    )
    assert (
        valued(f"resourceId('{SUBSCRIPTION}', 'A.B/c', 'd')", in_subscription)
        == f"/subscriptions/{SUBSCRIPTION}/providers/A.B/c/d"
    )
    with pytest.raises(TemplateProblem, match="needs a subscription"):
        valued("subscriptionResourceId('A.B/c', 'd')", in_tenant)


def test_an_id_with_an_unknown_part_is_known_around_it() -> None:
    nowhere = FakeScope(target=Target(NO_SUBSCRIPTION, NO_GROUP))
    subnet = "resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'apps')"
    assert plain(valued(subnet, nowhere)) == (
        "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"
        "/providers/Microsoft.Network/virtualNetworks/hub/subnets/apps"
    )
    assert valued(f"split({subnet}, '/')[8]", nowhere) == "hub"
    assert valued(f"last(split({subnet}, '/'))", nowhere) == "apps"
    assert valued(f"split({subnet}, '/')[4]", nowhere) is NO_GROUP
    assert valued(f"length(split({subnet}, '/'))", nowhere) == 11
    assert valued(f"equals(split({subnet}, '/')[4], resourceGroup().name)", nowhere) is True


def test_a_function_of_the_template_is_asked_of_the_scope() -> None:
    assert valued("contoso.double(21)", scope()) == 42
    assert valued("sys.concat('a', 'b')", scope()) == "ab"
