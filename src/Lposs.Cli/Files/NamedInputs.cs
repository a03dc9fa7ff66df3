namespace Lposs.Cli.Files;

/// <summary>The files behind the core's arguments, so that its messages name what the user did.</summary>
/// <param name="Inputs">For each argument of the core, such as "vm": the option and the file.</param>
internal sealed record NamedInputs(params (string Argument, string Option, string? File)[] Inputs)
{
    /// <summary>Calls the core; what it says of an argument is said of the file.</summary>
    /// <exception cref="InputException">The core refused one of the inputs.</exception>
    public T Use<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (LpossArgumentException refusal)
        {
            foreach (var (argument, option, file) in Inputs)
            {
                string beginning = $"inputs.{argument}: ";
                if (refusal.Message.StartsWith(beginning, StringComparison.Ordinal))
                    throw new InputException($"cannot use '{file}' for {option}: {refusal.Message[beginning.Length..]}", refusal);
            }
            throw;
        }
    }
}
