using Lposs.Cli.Options;

namespace Lposs.Cli.Output;

/// <summary>What a user can do where memory does not suffice for an image.</summary>
internal static class MemorySentence
{
    public static bool IsAbout(Exception error) =>
        error is OutOfMemoryException or LpossException { Code: LpossErrorCode.OutOfMemory };

    /// <summary>The failure with the image, what its scores take, and what takes less.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="name">The image, as the user named it.</param>
    /// <param name="image">Its size.</param>
    /// <param name="columns">How many scores a pixel has.</param>
    /// <param name="columnName">"prompts" or "classes".</param>
    /// <param name="size">The size of the result, where it is not that of the image.</param>
    public static InputException Of(
        Exception error,
        string name,
        Image image,
        int columns,
        string columnName,
        PixelSize? size = null
    )
    {
        var (height, width) = size ?? new PixelSize(image.Height, image.Width);
        double mebibytes = (double)height * width * columns * sizeof(float) / (1 << 20);
        string what = $"the scores of {width} x {height} pixels for {columns} {columnName}";
        return new InputException(
            $"there is not enough memory for '{name}': {what} are {Math.Ceiling(mebibytes)} MiB, and several copies "
                + $"are needed; {OptionTable.LessMemory}",
            error
        );
    }
}
