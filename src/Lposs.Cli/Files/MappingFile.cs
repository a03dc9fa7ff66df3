using Lposs.Arrays;

namespace Lposs.Cli.Files;

/// <summary>Reads the class of each prompt.</summary>
internal static class MappingFile
{
    /// <param name="path">A .npy file, [prompts] of whole numbers.</param>
    /// <param name="prompts">How many prompts there are.</param>
    public static int[] Read(string path, int prompts)
    {
        var array = NpyFile.ReadInt32(path);
        if (array.Rank != 1 || array.Length != prompts)
            throw new InputException(
                $"cannot use '{path}': its shape is {Shapes.Text(array.Shape)}; it must be [{prompts}], the class of each row of --text");
        foreach (int index in array.Span)
        {
            if (index < 0 || index >= prompts)
                throw new InputException($"cannot use '{path}': it names class {index}; with {prompts} prompts a class is 0 to {prompts - 1}");
        }
        return array.Span.ToArray();
    }
}
