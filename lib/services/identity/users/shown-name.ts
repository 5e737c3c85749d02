/** How a person is named to another: first name and the initial of the last, "Awa T.". */
export function shownName(firstName: string, lastName: string): string {
  const initial = [...lastName.trim()][0];
  return initial === undefined ? firstName : `${firstName} ${initial.toUpperCase()}.`;
}
