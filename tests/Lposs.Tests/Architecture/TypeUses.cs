using Mono.Cecil;

namespace Lposs.Tests.Architecture;

/// <summary>Which types each type of an assembly uses: in its bases, members, attributes and method bodies.</summary>
internal static class TypeUses
{
    /// <summary>Pairs of full names, the using type's being that of its outermost type.</summary>
    public static IReadOnlyCollection<(string User, string Used)> Of(string assemblyPath)
    {
        using var module = ModuleDefinition.ReadModule(assemblyPath);
        var uses = new HashSet<(string, string)>();
        foreach (var type in module.GetTypes())
        {
            foreach (var used in UsedBy(type).SelectMany(Parts))
                uses.Add((Outermost(type).FullName, Outermost(used).FullName));
        }
        return uses;
    }

    /// <summary>The strings that an assembly's methods hold.</summary>
    public static IReadOnlyCollection<string> StringsOf(string assemblyPath)
    {
        using var module = ModuleDefinition.ReadModule(assemblyPath);
        return
        [
            .. module
                .GetTypes()
                .SelectMany(type => type.Methods)
                .Where(method => method.HasBody)
                .SelectMany(method => method.Body.Instructions)
                .Select(instruction => instruction.Operand)
                .OfType<string>(),
        ];
    }

    private static IEnumerable<TypeReference?> UsedBy(TypeDefinition type) =>
        [
            type.BaseType,
            .. type.Interfaces.Select(implemented => implemented.InterfaceType),
            .. type.CustomAttributes.Select(attribute => attribute.AttributeType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Properties.Select(property => property.PropertyType),
            .. type.Methods.SelectMany(UsedBy),
        ];

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method) =>
        [
            method.ReturnType,
            .. method.Parameters.Select(parameter => parameter.ParameterType),
            .. method.CustomAttributes.Select(attribute => attribute.AttributeType),
            .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
            .. method.HasBody ? method.Body.Instructions.SelectMany(i => UsedBy(i.Operand)) : [],
        ];

    private static IEnumerable<TypeReference?> UsedBy(object? operand) =>
        operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            GenericInstanceMethod method => [.. method.GenericArguments, .. UsedBy(method.ElementMethod)],
            MethodReference method =>
            [
                method.DeclaringType,
                method.ReturnType,
                .. method.Parameters.Select(parameter => parameter.ParameterType),
            ],
            _ => [],
        };

    /// <summary>The element type and the arguments of arrays, pointers, references and generic types.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) =>
        type switch
        {
            null or GenericParameter => [],
            GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
            TypeSpecification specification => Parts(specification.ElementType),
            _ => [type],
        };

    private static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }
}
