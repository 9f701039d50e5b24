document.title = 'Linq sandbox';
